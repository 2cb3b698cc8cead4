/**
 * Where a naming leads, beyond what symbols say: the mode it loads by, the files patterns mean, and the answer of
 * `resolve/leads-to.ts` where the compiler has none.
 */
import path from 'node:path';
import { matcherOf } from '#base/globs.ts';
import { globSync } from 'tinyglobby';
import type { LoadMode } from '../resolve/leads-to.ts';
import { isBare, packageOf } from '../resolve/package-names.ts';
import type { Compiler, SourceUnit, SyntaxNode } from './compiler.ts';
import { constantText } from './constants.ts';
import type { ModuleEdge } from './modules.ts';
import type { Naming } from './namings.ts';
import { parts } from './syntax.ts';

export type Destination = Pick<ModuleEdge, 'file' | 'packageName' | 'tried' | 'resolved' | 'others'>;

/** Whether a naming loads by `import` or by `require`, after its words and the kind of its file. */
function loadMode(compiler: Compiler, { path: file }: SourceUnit, { kind, form }: Naming): LoadMode {
  if (kind === 'require' || kind === 'import-equals' || form?.startsWith('require') === true)
    return 'require';
  if (kind === 'import()' || /\.m[jt]s$/.test(file)) return 'import';
  const isScript = /\.c[jt]s$/.test(file) || compiler.emitOptions(file).isCommonJs;
  return isScript ? 'require' : 'import';
}

/** Where a specifier leads: the compiler's answer where it is a source or an installed package, else our own. */
export function leadOf(
  compiler: Compiler,
  unit: SourceUnit,
  naming: Naming,
  specifier: string | undefined,
  byChecker: string | undefined,
): Destination {
  const { leads } = compiler;
  const known = byChecker === undefined ? undefined : compiler.fileAt(byChecker);
  const isInstalled = byChecker?.includes('/node_modules/') === true;
  const isOwnName = leads.isOwnName(unit.path, specifier ?? '');
  const isAnswer = !isOwnName && (known?.isDeclarationFile === false || isInstalled);
  if (specifier === undefined || isAnswer) {
    const packageName = isInstalled
      ? packageNamed(specifier)
      : byChecker && leads.packageCrossed(unit.path, byChecker);
    return { file: byChecker, packageName, tried: [], resolved: byChecker !== undefined, others: [] };
  }
  const lead = leads.to(unit.path, specifier, isOwnName ? loadMode(compiler, unit, naming) : undefined);
  const file = lead.file ?? byChecker ?? compiler.resolveSpecifier(unit.path, specifier);
  const packageName =
    lead.packageName ?? (file === undefined ? undefined : leads.packageCrossed(unit.path, file));
  const isDeclared = naming.kind === 'import-type' && naming.text !== undefined;
  const resolved =
    file !== undefined ||
    lead.isBuiltin === true ||
    (isDeclared && compiler.isDeclaredName(specifier)) ||
    // Types that a comment refers to are looked for in places of their own.
    (naming.kind === 'reference' && isBare(specifier));
  return { file, packageName, tried: lead.tried, resolved, others: lead.others ?? [] };
}

function packageNamed(specifier: string | undefined): string | undefined {
  return specifier !== undefined && isBare(specifier) ? packageOf(specifier) : undefined;
}

/** The constant names a naming gives as patterns, the first of them as its specifier; and the files they mean. */
export function globbed(
  compiler: Compiler,
  unit: SourceUnit,
  { specifier: node, form }: Naming,
): { readonly specifier: string | undefined; readonly files: readonly string[] } {
  const items = node === undefined ? [] : parts(node, 'elements');
  const given = (items.length > 0 ? items : node === undefined ? [] : [node]).flatMap(
    (item: SyntaxNode) => constantText(compiler, item) ?? [],
  );
  const patterns = form === 'require.context' ? given.map((folder) => `${folder}/**`) : given;
  return { specifier: given[0], files: filesMatching(compiler, unit, patterns) };
}

/**
 * Files that patterns mean: relative ones from the file, those with a slash in front from the root of the project, others
 * by their alias; `**` in front is anywhere, an exclamation mark takes out. A file does not load itself.
 */
function filesMatching(compiler: Compiler, unit: SourceUnit, patterns: readonly string[]): readonly string[] {
  const absolute = (pattern: string): readonly string[] => {
    if (pattern.startsWith('**')) return [pattern];
    const cut = pattern.search(/[*?{[(!]/);
    const head = cut < 0 ? pattern : pattern.slice(0, cut);
    return compiler.leads.prefixes(unit.path, head).map((start) => start + pattern.slice(head.length));
  };
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).flatMap(absolute);
  const unwanted = patterns
    .filter((pattern) => pattern.startsWith('!') && pattern !== '!')
    .flatMap((pattern) => absolute(pattern.slice(1)));
  const isUnwanted = matcherOf(unwanted);
  const cwd = path.dirname(unit.path);
  const files =
    wanted.length === 0 ? [] : globSync(wanted, { cwd, absolute: true, expandDirectories: false });
  return files
    .filter((file) => file !== unit.path && !file.includes('/node_modules/') && !isUnwanted(file))
    .sort();
}
