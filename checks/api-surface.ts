/**
 * The API surface of a set of files: what each module exports, with the signature as written and bodies left out.
 * One line for each export, sorted, so that a difference between two states reads like a diff.
 */
import type { CheckContext } from './context.ts';
import type { FileFilter } from './globs.ts';
import type { Compiler, DeclarationPlace, SymbolHandle, SyntaxNode } from './oracle/compiler.ts';
import { part, parts, textOf } from './oracle/syntax.ts';

/** One export of a module. */
export interface ApiEntry {
  /** File relative to the base. */
  readonly file: string;
  readonly name: string;
  /** `function memcpyToPmem(kernel: Kernel, …): void`, on one line. */
  readonly signature: string;
}

/** Exports of the files, sorted by file and name. */
export function apiOf(context: CheckContext, isWanted: FileFilter): readonly ApiEntry[] {
  return context.compiler.files
    .filter((unit) => isWanted(context.nameOf(unit)))
    .flatMap((unit) => {
      const module = context.compiler.moduleOf(unit);
      const exported = module === undefined ? [] : context.compiler.exportsOf(module);
      return exported
        .map((symbol) => ({
          file: context.nameOf(unit),
          name: symbol.name,
          signature: signatureOf(context, unit.path, symbol),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
}

function signatureOf(context: CheckContext, path: string, symbol: SymbolHandle): string {
  const { compiler } = context;
  const places = compiler.declarationsOf(compiler.targetOf(symbol));
  const first = places[0];
  if (first === undefined) return `${symbol.name}: unresolved`;
  if (first.path !== path) return `${symbol.name} from ${context.nameOf({ path: first.path })}`;
  return places.map((place) => declarationText(compiler, place)).join(' ; ');
}

function declarationText(compiler: Compiler, { node, kind }: DeclarationPlace): string {
  switch (kind) {
    case 'FunctionDeclaration':
      return `function ${headOf(node)}`;
    case 'ClassDeclaration':
      return `class ${membersText(compiler, node)}`;
    case 'InterfaceDeclaration':
    case 'TypeAliasDeclaration':
    case 'EnumDeclaration':
    case 'ModuleDeclaration':
      return oneLine(node.getText().replace(/^(?:export\s+|declare\s+|default\s+)+/, ''));
    case 'VariableDeclaration': {
      const name = part(node, 'name');
      const type = part(node, 'type')?.getText() ?? compiler.typeText(node);
      return `const ${name === undefined ? '' : textOf(name)}: ${oneLine(type)}`;
    }
    default:
      return oneLine(node.getText());
  }
}

/** Name, type parameters, parameters and result of a function or method, without its body. */
function headOf(node: SyntaxNode): string {
  const body = part(node, 'body');
  const name = part(node, 'name');
  const start = name?.getStart() ?? node.getStart();
  const text = node.getText();
  const from = start - node.getStart();
  return oneLine(text.slice(from, body === undefined ? undefined : body.getStart() - node.getStart()));
}

function membersText(compiler: Compiler, node: SyntaxNode): string {
  const name = part(node, 'name');
  const heritage = parts(node, 'heritageClauses').map((clause) => ` ${oneLine(clause.getText())}`);
  const members = parts(node, 'members')
    .filter((member) => !isPrivate(compiler, member))
    .map((member) => memberText(compiler, member));
  return `${name === undefined ? '' : textOf(name)}${heritage.join('')} { ${members.join(' ')} }`;
}

function memberText(compiler: Compiler, member: SyntaxNode): string {
  const modifiers = parts(member, 'modifiers').map((modifier) => `${modifier.getText()} `);
  const kind = compiler.kindOf(member);
  const name = part(member, 'name');
  if (kind === 'Constructor') return `${oneLine(member.getText().split('{')[0] ?? '')};`;
  if (kind === 'PropertyDeclaration') {
    const type = part(member, 'type')?.getText() ?? compiler.typeText(member);
    return `${modifiers.join('')}${name?.getText() ?? ''}: ${oneLine(type)};`;
  }
  const accessor = kind === 'GetAccessor' ? 'get ' : kind === 'SetAccessor' ? 'set ' : '';
  return `${modifiers.join('')}${accessor}${headOf(member)};`;
}

function isPrivate(compiler: Compiler, member: SyntaxNode): boolean {
  const name = part(member, 'name');
  if (name !== undefined && compiler.kindOf(name) === 'PrivateIdentifier') return true;
  return parts(member, 'modifiers').some((modifier) => compiler.kindOf(modifier) === 'PrivateKeyword');
}

/** Comments out, white space to single blanks. */
function oneLine(text: string): string {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, ' ');
  const flat = bare.replace(/\s+/g, ' ').replace(/,(?= ?[)}\]])/g, '');
  return flat
    .replace(/([([]) /g, '$1')
    .replace(/ ([)\]])/g, '$1')
    .trim();
}

/** A surface as text: one heading for each file, one line for each export. */
export function apiText(entries: readonly ApiEntry[]): string {
  const files = [...new Set(entries.map((entry) => entry.file))].sort();
  const sections = files.map((file) => {
    const lines = entries.filter((entry) => entry.file === file).map(lineOf);
    return [`# ${file}`, ...lines, ''].join('\n');
  });
  return sections.join('\n');
}

function lineOf(entry: ApiEntry): string {
  return `${entry.name}\t${entry.signature}`;
}

/** Reads what `apiText` wrote. */
export function parseApi(text: string): readonly ApiEntry[] {
  const entries: ApiEntry[] = [];
  let file = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) file = line.slice(2);
    else if (line.includes('\t')) {
      const cut = line.indexOf('\t');
      entries.push({ file, name: line.slice(0, cut), signature: line.slice(cut + 1) });
    }
  }
  return entries;
}

/** What changed between two surfaces. */
export interface ApiDelta {
  readonly added: readonly ApiEntry[];
  readonly removed: readonly ApiEntry[];
  readonly changed: readonly { readonly before: ApiEntry; readonly after: ApiEntry }[];
}

/** Compares two surfaces by file and name. */
export function diffApi(before: readonly ApiEntry[], after: readonly ApiEntry[]): ApiDelta {
  const keyOf = (entry: ApiEntry): string => `${entry.file}#${entry.name}`;
  const old = new Map(before.map((entry) => [keyOf(entry), entry]));
  const now = new Map(after.map((entry) => [keyOf(entry), entry]));
  return {
    added: after.filter((entry) => !old.has(keyOf(entry))),
    removed: before.filter((entry) => !now.has(keyOf(entry))),
    changed: after.flatMap((entry) => {
      const previous = old.get(keyOf(entry));
      return previous === undefined || previous.signature === entry.signature
        ? []
        : [{ before: previous, after: entry }];
    }),
  };
}
