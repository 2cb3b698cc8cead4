/** Rule kind `layers` for C: a table of folders, and which rows may include which. */
import * as v from 'valibot';
import type { Finding } from '../../finding.ts';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { includesIn, type CTree } from '../tree.ts';

export interface CLayer {
  readonly name: string;
  readonly files: readonly string[];
  /** Names of other rows, or file globs, that this row may include. */
  readonly may: readonly string[];
}

export interface CLayersOptions extends CRuleHeader {
  readonly layers: readonly CLayer[];
}

/** What the options of a rule of this kind must be. */
export const cLayersSchema = v.strictObject({
  ...cHeaderEntries,
  layers: v.pipe(
    v.array(
      v.strictObject({ name: v.pipe(v.string(), v.nonEmpty()), files: names, may: v.array(v.string()) }),
    ),
    v.nonEmpty('must have a row'),
  ),
});

/** Who may include whom. Throws `InputError` for wrong options. */
export function cLayers(options: CLayersOptions): CRule {
  checkOptions(cLayersSchema, 'layers', options);
  return {
    ...options,
    kind: 'layers',
    language: 'c',
    symbols: [],
    followsRoads: false,
    check: (tree) => check(options, tree),
  };
}

async function check(options: CLayersOptions, tree: CTree): Promise<COutcome> {
  const byName = new Map(options.layers.map((layer) => [layer.name, layer.files]));
  const rows = options.layers.map((layer) => ({
    ...layer,
    owns: filterOf(layer.files),
    mayInclude: filterOf([...layer.files, ...layer.may.flatMap((name) => byName.get(name) ?? [name])]),
  }));
  const rowOf = (file: string): (typeof rows)[number] | undefined => rows.find((row) => row.owns(file));
  const files = tree.source.files.meant((file) => rowOf(file) !== undefined);
  const findings: Finding[] = [];
  for (const [file, includes] of await includesIn(tree, files)) {
    const row = rowOf(file);
    if (row === undefined) continue;
    for (const include of includes) {
      const target = tree.resolve(file, include);
      // As for TypeScript, a row bans what the tree holds; headers from elsewhere are no business of it.
      if (target === undefined || row.mayInclude(target)) continue;
      const allowed = row.may.length === 0 ? 'nothing else' : row.may.join(', ');
      findings.push(
        cFinding(options, tree, {
          place: include,
          symbol: target,
          message: `${row.name} includes ${target}; it may include itself and ${allowed}`,
        }),
      );
    }
  }
  const matched = new Set(files.map((file) => rowOf(file)?.name));
  return {
    findings,
    matched: matched.size,
    unmatched: rows.filter(({ name }) => !matched.has(name)).map(({ name }) => name),
    covers: (file) => rowOf(file) !== undefined,
  };
}
