/**
 * The imports and re-exports of a file, read by a fast parser that makes no tree. Files that may name modules in other
 * ways (`import()`, `require`, types of other modules, mocks …) are left to `namings.ts`, which looks at every node.
 */
import { parseSync, type EcmaScriptModule } from 'oxc-parser';
import type { SourceUnit, SyntaxNode } from './compiler.ts';
import { commentNamings } from './comment-namings.ts';
import type { Naming } from './namings.ts';

/** Texts without which a file names modules by imports and re-exports at its top only. */
const DEEPER =
  /\bimport\s*(?:\/[*/]|\()|import\s*\.\s*meta\s*\.\s*(?:glob|resolve)|\brequire\s*(?:\(|\?\.|<|\.\s*(?:resolve|context)|\/[*/]|as\b|\)|!)|createRequire|\bnew\s+URL\b|\b(?:jest|vi|mock)\s*\.|\bmodule\s*['"`]|\bimport\s+(?:type\s+)?[\w$]+\s*=/i;
/** A call of what another file may have made with `createRequire`. */
const MADE_REQUIRE = /require\w*\s*\(/i;

/** Whether what a file names may hang on what `createRequire` made, here or in another file. */
export const mayCallMadeRequire = ({ text }: SourceUnit): boolean =>
  MADE_REQUIRE.test(text) || text.includes('createRequire');

/** A re-export of nothing, which the parser does not list. */
const EMPTY_EXPORT = /\bexport\s*(?:type\s*)?\{\s*\}\s*from\b/;

/** The namings of a file, or nothing where its tree must be looked at. `makesRequire`: whether a file uses `createRequire`. */
export function scannedNamings(unit: SourceUnit, makesRequire: () => boolean): readonly Naming[] | undefined {
  const { text, path } = unit;
  if (MADE_REQUIRE.test(text) && makesRequire()) return undefined;
  if (DEEPER.test(text) || EMPTY_EXPORT.test(text)) return undefined;
  const isScript = /\.[cm]?jsx?$/.test(path);
  const module = moduleOf(path, text);
  if (module === undefined) return undefined;
  const found = declaredIn(text, module).map((declared) => new ScannedNaming(unit, declared));
  return [...found.sort((a, b) => a.start - b.start), ...commentNamings(unit, isScript)];
}

/** What an import or a re-export ends with, wherever the text has it. */
const NAMING_END = /\b(?:from|import)\s*(?:(['"])(?:(?!\1)[^\\\n]|\\[^])*\1|\/[*/])/g;

/** What the parser lists of a module. */
type Listed = Pick<EcmaScriptModule, 'staticImports' | 'staticExports'>;

/**
 * The imports and exports of a text up to its last import or re-export; nothing where the parser does not take it, which the
 * compiler may. What stands behind is rarely worth reading: most files name all modules at their top. Where the last text
 * that looks like one lies within something else, that is cut in two and cannot be read, and the whole text is.
 */
function moduleOf(path: string, text: string): Listed | undefined {
  const ends = [...text.matchAll(NAMING_END)];
  const last = ends.at(-1);
  if (last === undefined) return { staticImports: [], staticExports: [] };
  const hasComment = ends.some(([, quote]) => quote === undefined);
  const texts = hasComment ? [text] : [text.slice(0, last.index + last[0].length), text];
  for (const part of texts) {
    const { module, errors } = parseSync(path, part);
    if (errors.length === 0) return module;
  }
  return undefined;
}

interface Declared {
  readonly kind: 'import' | 'export';
  readonly start: number;
  readonly specifier: string;
  readonly specifierStart: number;
  readonly wholes: readonly string[] | undefined;
}

function declaredIn(text: string, { staticImports, staticExports }: Listed): readonly Declared[] {
  const imports = staticImports.map(({ start, moduleRequest, entries }) => ({
    kind: 'import' as const,
    start,
    specifier: moduleRequest.value,
    specifierStart: moduleRequest.start,
    wholes: entries
      .filter(({ importName }) => !isOneName(importName))
      .map(({ localName }) => localName.value),
  }));
  const exports = staticExports.flatMap(({ start, entries }) => {
    const [first] = entries.flatMap(({ moduleRequest }) => moduleRequest ?? []);
    // What an `export` without "from" passes on is listed under the import it comes from.
    if (first === undefined || !text.startsWith('export', start)) return [];
    const wholes = entries.every(({ importName }) => isOneName(importName)) ? [] : undefined;
    return [{ kind: 'export' as const, start, specifier: first.value, specifierStart: first.start, wholes }];
  });
  return [...imports, ...exports];
}

/** Whether one name of a module is meant, and neither all of it nor its default as an import has it. */
const isOneName = ({ kind }: { readonly kind: string }): boolean => kind === 'Name';

/** `import type` and `export type`, but not `import type from`, which imports something called `type`. */
const TYPE_ONLY = /^(?:import|export)\s+type\b(?!\s*(?:from\b(?!\s*from\b)|,))/;

/** An import or re-export whose nodes are looked up when they are first asked for. */
class ScannedNaming implements Naming {
  readonly kind: 'import' | 'export';
  readonly text: string;
  readonly typeOnly: boolean;
  readonly start: number;
  readonly specifierStart: number;
  readonly wholes: readonly string[] | undefined;
  private readonly unit: SourceUnit;
  private found: SyntaxNode | undefined;

  constructor(unit: SourceUnit, { kind, start, specifier, specifierStart, wholes }: Declared) {
    this.unit = unit;
    this.kind = kind;
    this.start = start;
    this.specifierStart = specifierStart;
    this.wholes = wholes;
    this.text = specifier;
    this.typeOnly = TYPE_ONLY.test(unit.text.slice(start, start + 400));
  }

  get node(): SyntaxNode {
    this.found ??= this.unit.root.forEachChild((statement) =>
      statement.getStart() === this.start ? statement : undefined,
    );
    if (this.found === undefined)
      throw new RangeError(`${this.unit.path}: no statement starts at ${this.start}`);
    return this.found;
  }

  get specifier(): SyntaxNode {
    const node: unknown = Reflect.get(this.node, 'moduleSpecifier');
    return node as SyntaxNode;
  }
}
