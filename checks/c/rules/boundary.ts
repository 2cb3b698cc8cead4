/** Rule kinds `boundary` and `layers` for C: who includes whom, and who names what other folders declare. */
import * as v from 'valibot';
import type { Finding } from '../../finding.ts';
import { filterOf, type FileFilter } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { includesIn, type CTree, type PlacedInclude } from '../tree.ts';
import { headersPattern } from '../search.ts';
import { declaredIn, foreignUses } from '../declared.ts';

export interface CBoundaryOptions extends CRuleHeader {
  /** Files that must not. */
  readonly files: readonly string[];
  readonly except?: readonly string[];
  /** Files they must not include. */
  readonly mustNotInclude?: readonly string[];
  /** Files whose declarations they must not name. */
  readonly mustNotUse?: readonly string[];
  /** Whether includes of includes count. */
  readonly reach?: 'direct' | 'transitive';
}

/** What the options of a rule of this kind must be. */
export const cBoundarySchema = v.strictObject({
  ...cHeaderEntries,
  files: names,
  except: v.optional(v.array(v.string())),
  mustNotInclude: v.optional(names),
  mustNotUse: v.optional(names),
  reach: v.optional(v.picklist(['direct', 'transitive'])),
});

/** What files must not include or name. Throws `InputError` for wrong options. */
export function cBoundary(options: CBoundaryOptions): CRule {
  checkOptions(cBoundarySchema, 'boundary', options);
  const banned = filterOf(options.mustNotInclude ?? []);
  return {
    ...options,
    kind: 'boundary',
    language: 'c',
    symbols: [],
    followsRoads: false,
    searches: ({ files }) => {
      const pattern = includeSearch(options, files.meant(banned));
      return pattern === undefined ? [] : [pattern];
    },
    check: (tree) => checkBoundary(options, tree, banned),
  };
}

async function checkBoundary(options: CBoundaryOptions, tree: CTree, banned: FileFilter): Promise<COutcome> {
  const isOwn = filterOf(options.files);
  const excepted = filterOf(options.except ?? []);
  const covers = (file: string): boolean => isOwn(file) && !excepted(file);
  const targets = tree.source.files.meant(banned);
  const findings: Finding[] = [];
  let matched = targets.length;
  if (targets.length > 0)
    findings.push(...(await includeFindings(options, tree, { covers, banned, targets })));
  if (options.mustNotUse !== undefined) {
    const declared = await declaredIn(tree, filterOf(options.mustNotUse));
    matched += declared.size;
    for (const { use, home } of await foreignUses(tree, declared, covers)) {
      const message = `names ${use.name}, which ${home} declares`;
      findings.push(cFinding(options, tree, { place: use, symbol: use.name, message }));
    }
  }
  return { findings, matched, unmatched: [], covers };
}

interface Ban {
  readonly covers: FileFilter;
  readonly banned: FileFilter;
  readonly targets: readonly string[];
}

/** Beyond this many headers their names are no longer searched for one by one. */
const NAMES_MAX = 60;

/** What lines that include one of the headers match; nothing where every file has to be read. */
function includeSearch({ reach }: CBoundaryOptions, targets: readonly string[]): string | undefined {
  const stems = new Set(targets.map((file) => file.slice(file.lastIndexOf('/') + 1)));
  if (stems.size === 0 || stems.size > NAMES_MAX || reach === 'transitive') return undefined;
  return `${headersPattern([...stems])}|#\\s*include(_next)?\\s+[A-Za-z_]`;
}

async function includeFindings(
  options: CBoundaryOptions,
  tree: CTree,
  { covers, banned, targets }: Ban,
): Promise<readonly Finding[]> {
  const isTransitive = options.reach === 'transitive';
  const pattern = includeSearch(options, targets);
  const files =
    pattern === undefined
      ? tree.source.files.meant(covers)
      : [...(await tree.source.matching(pattern)).keys()].filter(covers);
  const findings: Finding[] = [];
  const includes = await includesIn(tree, files);
  const chains = isTransitive ? await chainsTo(tree, files, banned) : new Map<string, readonly string[]>();
  for (const [file, list] of includes) {
    if (!covers(file)) continue;
    for (const include of list) {
      const target = tree.resolve(file, include);
      if (target !== undefined && banned(target)) findings.push(said(options, tree, include, target, []));
      else if (target === undefined) {
        const finding = unknown(options, tree, include, targets);
        if (finding !== undefined) findings.push(finding);
      } else {
        const chain = chains.get(target);
        if (chain !== undefined)
          findings.push(
            said(options, tree, include, chain.at(-1) ?? target, [target, ...chain.slice(0, -1)]),
          );
      }
    }
  }
  return findings;
}

function said(
  options: CBoundaryOptions,
  tree: CTree,
  include: PlacedInclude,
  target: string,
  via: readonly string[],
): Finding {
  const message =
    via.length === 0 ? `includes ${target}` : `includes ${include.spelling}, which leads to ${target}`;
  return cFinding(options, tree, { place: include, symbol: target, message, via });
}

/** A computed include, or one that leads nowhere and ends like a file that must not be included. */
function unknown(
  options: CBoundaryOptions,
  tree: CTree,
  include: PlacedInclude,
  targets: readonly string[],
): Finding | undefined {
  const { target, spelling } = include;
  if (target === undefined)
    return cFinding(options, tree, {
      place: include,
      symbol: spelling,
      message: `includes what the macro ${spelling} says, which nobody can tell`,
      certainty: 'unprovable',
    });
  const alike = targets.find((file) => file === target || file.endsWith(`/${target}`));
  if (alike === undefined) return undefined;
  return cFinding(options, tree, {
    place: include,
    symbol: alike,
    message: `includes ${spelling}, which leads nowhere for the include paths given and may be ${alike}`,
    certainty: 'unprovable',
  });
}

/** For each file that leads to a banned one, the chain after it. */
async function chainsTo(
  tree: CTree,
  files: readonly string[],
  banned: FileFilter,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const includers = new Map<string, string[]>();
  const seen = new Set(files);
  let front: readonly string[] = files;
  while (front.length > 0) {
    const next = new Set<string>();
    for (const [file, list] of await includesIn(tree, front)) {
      for (const include of list) {
        const target = tree.resolve(file, include);
        if (target === undefined) continue;
        const known = includers.get(target);
        if (known === undefined) includers.set(target, [file]);
        else known.push(file);
        if (!seen.has(target)) next.add(target);
        seen.add(target);
      }
    }
    front = [...next];
  }
  const chains = new Map<string, readonly string[]>();
  let layer = [...seen].filter(banned);
  const done = new Set(layer);
  while (layer.length > 0) {
    const next: string[] = [];
    for (const file of layer) {
      for (const includer of includers.get(file) ?? []) {
        if (done.has(includer)) continue;
        done.add(includer);
        chains.set(includer, [...(chains.has(file) ? [file] : []), ...(chains.get(file) ?? [file])]);
        next.push(includer);
      }
    }
    layer = next;
  }
  return chains;
}
