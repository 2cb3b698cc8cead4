/** Rule kind `tombstones` for C: names that were removed do not come back. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import type { Finding } from '../../finding.ts';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { reached } from '../reach.ts';
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
import { messageOf } from './no-reference.ts';

export interface CTombstonesOptions extends CRuleHeader {
  readonly tombstones: {
    /** Names that are gone since this revision count as removed before the range. */
    readonly since?: string;
    /** Names that were removed long ago. */
    readonly names?: readonly string[];
    /** A file with such names, one a line, relative to the rules file. */
    readonly file?: string;
  };
  /** Files whose removed names count; all when left out. */
  readonly files?: readonly string[];
  /** Names that may come back. */
  readonly acknowledged?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const cTombstonesSchema = v.strictObject({
  ...cHeaderEntries,
  tombstones: v.strictObject({
    since: v.optional(v.string()),
    names: v.optional(names),
    file: v.optional(v.string()),
  }),
  files: v.optional(names),
  acknowledged: v.optional(v.array(v.string())),
});

/** What was removed stays removed. Throws `InputError` for wrong options. */
export function cTombstones(options: CTombstonesOptions, base?: string): CRule {
  checkOptions(cTombstonesSchema, 'tombstones', options);
  const acknowledged = new Set(options.acknowledged);
  const old = [...(options.tombstones.names ?? []), ...listed(options, base)]
    .filter((name) => !acknowledged.has(name))
    .map(symbolOf);
  const covers = filterOf(options.files ?? ['**']);
  return {
    ...options,
    kind: 'tombstones',
    language: 'c',
    symbols: old,
    followsRoads: false,
    watchesRemoved: { since: options.tombstones.since, files: covers },
    check: async (tree) => ({
      findings: comebacks(options, tree, old, 'long ago'),
      matched: Math.max(1, old.length),
      unmatched: [],
      covers: () => true,
    }),
    checkRange: async (commits, isInForce) => checkRange(options, { old, acknowledged }, commits, isInForce),
  };
}

function listed(
  { id, tombstones: { file } }: CTombstonesOptions,
  base: string | undefined,
): readonly string[] {
  if (file === undefined) return [];
  const absolute = path.resolve(base ?? '.', file);
  if (!existsSync(absolute))
    throw new InputError(`rules: rule ${id} (tombstones): ${file}: there is no such file.`);
  return readFileSync(absolute, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

interface Stones {
  readonly old: readonly CSymbol[];
  readonly acknowledged: ReadonlySet<string>;
}

async function checkRange(
  options: CTombstonesOptions,
  { old, acknowledged }: Stones,
  commits: readonly CommitTree[],
  isInForce: (number: number) => boolean,
): Promise<COutcome> {
  const findings: Finding[] = [];
  const removedBy = new Map<string, string>();
  const dropped = new Set(commits.flatMap((commit) => commit.dropped));
  let before = new Set<string>();
  for (const { tree, number, dropped: own } of commits) {
    if (isInForce(number)) {
      findings.push(...comebacks(options, tree, old, 'long ago'));
      for (const [name, commit] of removedBy)
        findings.push(...comebacks(options, tree, [symbolOf(name)], commit));
    }
    const declared = declaredNow(tree, dropped);
    const gone = number === 0 ? own : [...before].filter((name) => !declared.has(name));
    const by =
      tree.commit === undefined
        ? ''
        : number === 0
          ? `before ${tree.commit.id.slice(0, 12)}`
          : `by commit ${number}, ${tree.commit.subject}`;
    for (const name of gone) if (!acknowledged.has(name) && !declared.has(name)) removedBy.set(name, by);
    before = declared;
  }
  return {
    findings,
    matched: Math.max(removedBy.size + old.length, mayBeQuiet(commits)),
    unmatched: [],
    covers: () => true,
  };
}

/** A range that removes nothing leaves nothing to guard, and is no mistake in the rule. */
function mayBeQuiet(commits: readonly CommitTree[]): number {
  return commits.length > 0 ? 1 : 0;
}

/** Names that are declared, defined or exported in a tree. */
function declaredNow({ uses: { uses } }: CTree, names: ReadonlySet<string>): Set<string> {
  return new Set(
    uses
      .filter(
        ({ kind, name, isStaticHere }) =>
          names.has(name) &&
          !isStaticHere &&
          /^(?:definition|declaration|macro-definition|export)$/.test(kind),
      )
      .map(({ name }) => name),
  );
}

function comebacks(
  options: CTombstonesOptions,
  tree: CTree,
  symbols: readonly CSymbol[],
  removed: string,
): readonly Finding[] {
  const found = reached(tree, symbols, { teaches: () => false }).filter(({ use }) => use.kind !== 'text');
  return found.map((one) =>
    cFinding(options, tree, {
      place: one.use,
      symbol: one.name,
      message: `${messageOf(one)} again, removed ${removed}`,
    }),
  );
}

/** For messages of others about a use. */
export type { Use };
