/** Rule kind `noUndeclared` for C: a `.c` file does not declare for itself what a header declares. */
import * as v from 'valibot';
import type { Finding } from '../../finding.ts';
import { filterOf, type FileFilter } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import { declarationsIn, type Declared } from '../declared.ts';
import { isHeader } from '../lex.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { filesNaming, type CTree } from '../tree.ts';
import { mayHold } from '../assume.ts';

export interface CNoUndeclaredOptions extends CRuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  readonly except?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const cNoUndeclaredSchema = v.strictObject({
  ...cHeaderEntries,
  files: v.optional(names),
  except: v.optional(v.array(v.string())),
});

/** No declarations of one's own. Throws `InputError` for wrong options. */
export function cNoUndeclared(options: CNoUndeclaredOptions): CRule {
  checkOptions(cNoUndeclaredSchema, 'noUndeclared', options);
  const files = filterOf(options.files ?? ['**']);
  const excepted = filterOf(options.except ?? []);
  const covers = (file: string): boolean => files(file) && !excepted(file);
  const looks = (file: string): boolean => !isHeader(file) && covers(file);
  return {
    ...options,
    kind: 'noUndeclared',
    language: 'c',
    symbols: [],
    followsRoads: false,
    check: (tree) => check(options, tree, covers, looks),
  };
}

async function check(
  options: CNoUndeclaredOptions,
  tree: CTree,
  covers: FileFilter,
  looks: FileFilter,
): Promise<COutcome> {
  const looked = tree.source.files.meant(looks);
  const own = new Map<string, Declared[]>();
  for (const list of (await declarationsIn(tree, looked)).values()) {
    const defined = new Set(list.filter(({ what }) => what === 'function').map(({ name }) => name));
    for (const one of list) {
      if (
        one.what !== 'prototype' ||
        one.isStatic ||
        defined.has(one.name) ||
        !mayHold(one.place.condition, tree.assumed)
      )
        continue;
      own.set(one.name, [...(own.get(one.name) ?? []), one]);
    }
  }
  return { findings: await declaredTwice(options, tree, own), matched: looked.length, unmatched: [], covers };
}

async function declaredTwice(
  options: CNoUndeclaredOptions,
  tree: CTree,
  own: ReadonlyMap<string, readonly Declared[]>,
): Promise<readonly Finding[]> {
  if (own.size === 0) return [];
  const candidates = await filesNaming(tree, [...own.keys()]);
  const headers = (await declarationsIn(tree, candidates.filter(isHeader))).values();
  const homes = new Map<string, Declared[]>();
  for (const one of [...headers].flat()) {
    if ((one.what !== 'prototype' && one.what !== 'function') || !own.has(one.name)) continue;
    homes.set(one.name, [...(homes.get(one.name) ?? []), one]);
  }
  const defined = await definitions(
    tree,
    candidates.filter((file) => !isHeader(file)),
    homes,
  );
  return [...homes].flatMap(([name, places]) =>
    (own.get(name) ?? []).map((one) => {
      const [home] = places;
      const where = places.map(
        ({ place }) => `${place.file}:${place.line} declares it${under(place.condition)}`,
      );
      const bodies = (defined.get(name) ?? []).map(
        ({ place }) => `${place.file}:${place.line} defines it${under(place.condition)}`,
      );
      return cFinding(options, tree, {
        place: one.place,
        symbol: name,
        message: `declares ${name} for itself; ${home?.place.file ?? ''} declares it`,
        notes: [...where, ...bodies],
      });
    }),
  );
}

async function definitions(
  tree: CTree,
  files: readonly string[],
  homes: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, readonly Declared[]>> {
  const found = new Map<string, Declared[]>();
  for (const list of (await declarationsIn(tree, files)).values())
    for (const one of list)
      if (one.what === 'function' && !one.isStatic && homes.has(one.name))
        found.set(one.name, [...(found.get(one.name) ?? []), one]);
  return found;
}

function under(condition: readonly string[]): string {
  return condition.length === 0 ? '' : ` where ${condition.join(' && ')}`;
}
