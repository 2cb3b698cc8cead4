/** The imports of a project as plain data: who names whom, how, and which rules an import breaks. */
import type { CheckContext } from '../context.ts';
import { positionAt } from '../context.ts';
import type { Finding } from '../finding.ts';
import { FUNCTIONS } from '../oracle/steps.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { ancestor } from '../oracle/syntax.ts';
import { packageNames, targetName } from '../rules/edges.ts';
import type { Runner } from '../run.ts';

export const IMPORT_KINDS = ['value', 'erased', 'lazy', 'mock'] as const;
/** `lazy`: `import()` in a function; `mock`: named to a test runner; `erased`: nothing is left when the code runs. */
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ImportLine {
  readonly from: string;
  /** A file of the project, or the name of a package when `isPackage`. */
  readonly to: string;
  readonly isPackage: boolean;
  /** Package of the repository the target lies in, when it is another one. */
  readonly kind: ImportKind;
  readonly line: number;
  /** Ids of the rules it breaks. */
  readonly breaks: readonly string[];
}

/** A runner that also lists the imports. */
export function importsRunner(runner: Runner): Runner {
  return (context, rules) => {
    const result = runner(context, rules);
    return { ...result, imports: importsOf(context, result.findings), packages: packagesOf(context) };
  };
}

/** Package of the repository of each file that lies in one. */
function packagesOf({ compiler, nameOf }: CheckContext): readonly (readonly [string, string])[] {
  return compiler.files.flatMap((unit) => {
    const owner = compiler.leads.ownerOf(unit.path);
    return owner === undefined ? [] : [[nameOf(unit), owner] as const];
  });
}

function importsOf(context: CheckContext, findings: readonly Finding[]): readonly ImportLine[] {
  const broken = brokenPlaces(findings);
  return context.graph.edges.flatMap((edge): readonly ImportLine[] => {
    if (edge.kind === 'augmentation') return [];
    const file = targetName(context, edge);
    const to = file ?? packageNames(edge).at(-1);
    if (to === undefined) return [];
    const { line, column } = positionAt(edge.from.text, edge.placeStart);
    const from = context.nameOf(edge.from);
    const here = broken.get(`${from}:${line}:${column}`) ?? [];
    const between = broken.get(`${from} > ${to}`) ?? [];
    const breaks = [...new Set([...here, ...between])].sort();
    return [{ from, to, isPackage: file === undefined, kind: kindOf(context, edge), line, breaks }];
  });
}

function kindOf({ compiler, graph }: CheckContext, edge: ModuleEdge): ImportKind {
  if (edge.kind === 'mock') return 'mock';
  if (edge.kind === 'import()' && ancestor(compiler, edge.node, FUNCTIONS) !== undefined) return 'lazy';
  return graph.isErased(edge) ? 'erased' : 'value';
}

/** Rules by the place of a finding, and by the pair of files where a finding is about more than its place. */
function brokenPlaces(findings: readonly Finding[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (key: string, id: string): void => {
    const known = found.get(key);
    if (known === undefined) found.set(key, [id]);
    else known.push(id);
  };
  for (const { ruleId, place, symbol, certainty } of findings) {
    if (certainty !== 'violation' && certainty !== 'unprovable') continue;
    add(`${place.file}:${place.line}:${place.column}`, ruleId);
    const circle = symbol.split(' > ');
    if (circle.length > 1)
      for (const [index, file] of circle.entries())
        add(`${file} > ${circle[(index + 1) % circle.length] ?? ''}`, ruleId);
    const home = /^([^#]+)#/.exec(symbol)?.[1];
    if (home !== undefined) add(`${place.file} > ${home}`, ruleId);
  }
  return found;
}
