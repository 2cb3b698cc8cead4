/** Rule kind `fallingCounts`: over a range the number of uses of each name never rises. */
import * as v from 'valibot';
import type { Finding } from '../../finding.ts';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { reached } from '../reach.ts';
import { USE_KINDS, type UseKind } from '../reading.ts';
import {
  cFinding,
  cHeaderEntries,
  type CommitTree,
  type COutcome,
  type CRule,
  type CRuleHeader,
} from '../rule.ts';
import type { CTree } from '../tree.ts';
import { symbolOf, type CSymbol, type Use } from '../uses.ts';

export interface FallingCountsOptions extends CRuleHeader {
  readonly symbols: readonly string[];
  /** Kinds of use that count; all when left out. */
  readonly count?: readonly UseKind[];
  /** Whether each file is counted for itself. */
  readonly per?: 'tree' | 'file';
  /** Files that count; all when left out. */
  readonly files?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const fallingCountsSchema = v.strictObject({
  ...cHeaderEntries,
  symbols: names,
  count: v.optional(v.pipe(v.array(v.picklist(USE_KINDS)), v.nonEmpty('must name at least one kind of use'))),
  per: v.optional(v.picklist(['tree', 'file'])),
  files: v.optional(names),
});

/** Counts never rise. Throws `InputError` for wrong options. */
export function fallingCounts(options: FallingCountsOptions): CRule {
  checkOptions(fallingCountsSchema, 'fallingCounts', options);
  const symbols = options.symbols.map(symbolOf);
  const covers = filterOf(options.files ?? ['**']);
  return {
    ...options,
    kind: 'fallingCounts',
    language: 'c',
    symbols,
    followsRoads: false,
    // One tree has no before: the rule is only about ranges.
    check: async (tree) => ({
      findings: [],
      matched: counted(options, symbols, tree).length,
      unmatched: [],
      covers,
    }),
    checkRange: async (commits, isInForce) => checkRange(options, symbols, commits, isInForce),
  };
}

/** The uses that count, roads left aside. */
function counted(options: FallingCountsOptions, symbols: readonly CSymbol[], tree: CTree): readonly Use[] {
  const kinds = new Set<string>(options.count ?? USE_KINDS);
  const covers = filterOf(options.files ?? ['**']);
  return reached(tree, symbols, { teaches: () => false }).flatMap(({ use }) =>
    kinds.has(use.kind) && use.kind !== 'text' && covers(use.file) ? [use] : [],
  );
}

async function checkRange(
  options: FallingCountsOptions,
  symbols: readonly CSymbol[],
  commits: readonly CommitTree[],
  isInForce: (number: number) => boolean,
): Promise<COutcome> {
  const findings: Finding[] = [];
  let matched = 0;
  const byNumber = new Map<number, ReadonlyMap<string, readonly Use[]>>();
  for (const { tree, number, parent } of commits) {
    const before = parent === undefined ? undefined : byNumber.get(parent);
    const uses = counted(options, symbols, tree);
    matched += uses.length;
    const now = grouped(options, uses);
    if (before !== undefined && isInForce(number)) findings.push(...risen(options, tree, before, now));
    byNumber.set(number, now);
  }
  return { findings, matched, unmatched: [], covers: filterOf(options.files ?? ['**']) };
}

function grouped({ per }: FallingCountsOptions, uses: readonly Use[]): ReadonlyMap<string, readonly Use[]> {
  const found = new Map<string, Use[]>();
  for (const use of uses) {
    const key = per === 'file' ? `${use.name} in ${use.file}` : use.name;
    const known = found.get(key);
    if (known === undefined) found.set(key, [use]);
    else known.push(use);
  }
  return found;
}

function risen(
  options: FallingCountsOptions,
  tree: CTree,
  before: ReadonlyMap<string, readonly Use[]>,
  now: ReadonlyMap<string, readonly Use[]>,
): readonly Finding[] {
  return [...now].flatMap(([key, uses]): Finding[] => {
    const old = before.get(key) ?? [];
    if (uses.length <= old.length) return [];
    const fresh = newPlaces(old, uses);
    const [place = uses[0]] = fresh;
    if (place === undefined) return [];
    const notes = fresh.map(({ file, line, kind }) => `new: ${file}:${line} (${kind})`);
    return [
      cFinding(options, tree, {
        place,
        symbol: place.name,
        message: `uses of ${key} rise from ${old.length} to ${uses.length}`,
        notes,
      }),
    ];
  });
}

/** What makes two uses the same one across commits. */
function keyOf({ file, name, statement, in: around }: Use): string {
  return `${file} ${name} ${around ?? ''} ${statement}`;
}

/** Uses that were not there before, by file and statement. */
function newPlaces(old: readonly Use[], now: readonly Use[]): readonly Use[] {
  const known = new Map<string, number>();
  for (const use of old) known.set(keyOf(use), (known.get(keyOf(use)) ?? 0) + 1);
  return now.filter((use) => {
    const left = known.get(keyOf(use)) ?? 0;
    known.set(keyOf(use), left - 1);
    return left <= 0;
  });
}
