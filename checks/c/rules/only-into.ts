/** Rule kind `onlyInto` for C: these functions are stored only in these fields. */
import * as v from 'valibot';
import { filterOf } from '../../globs.ts';
import { checkOptions, names } from '../../options.ts';
import type { Finding } from '../../finding.ts';
import { reached } from '../reach.ts';
import { cFinding, cHeaderEntries, type COutcome, type CRule, type CRuleHeader } from '../rule.ts';
import { slotNames } from '../slot-types.ts';
import type { CTree } from '../tree.ts';
import { symbolOf, type CSymbol, type Use } from '../uses.ts';

export interface COnlyIntoOptions extends CRuleHeader {
  /** Functions: names, globs of names, `file.c#name`; statics of any file count. */
  readonly symbols: readonly string[];
  /** Fields that may hold them: `struct T.field`, `T.field` for a typedef, `struct T.*`. */
  readonly slots: readonly string[];
  /** Files that may call them, beside those that define them. */
  readonly callers?: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const cOnlyIntoSchema = v.strictObject({
  ...cHeaderEntries,
  symbols: names,
  slots: names,
  callers: v.optional(names),
  files: v.optional(names),
});

/** Only into the slots. Throws `InputError` for wrong options. */
export function cOnlyInto(options: COnlyIntoOptions): CRule {
  checkOptions(cOnlyIntoSchema, 'onlyInto', options);
  const symbols = options.symbols.map(symbolOf);
  return {
    ...options,
    kind: 'onlyInto',
    language: 'c',
    symbols,
    followsRoads: false,
    check: (tree) => check(options, symbols, tree),
  };
}

/** What declares a function, or only tells of it. */
const HARMLESS = /^(?:definition|declaration|export|condition|macro-definition|macro-undef|type|text)$/;

async function check(options: COnlyIntoOptions, symbols: readonly CSymbol[], tree: CTree): Promise<COutcome> {
  const covers = filterOf(options.files ?? ['**']);
  const mayCall = filterOf(options.callers ?? []);
  const allowed = filterOf(options.slots);
  // Only functions are meant: names that are nothing but macros, say, are others.
  const all = reached(tree, symbols, { teaches: () => false, withStatics: true });
  const functions = new Set(all.filter(({ use }) => use.what === 'function').map(({ name }) => name));
  const homes = new Set(
    all
      .filter(({ use }) => use.kind === 'definition' && use.what === 'function')
      .map(({ use }) => `${use.file} ${use.name}`),
  );
  const uses = all.filter(({ use }) => functions.has(use.name) && covers(use.file));
  const findings: Finding[] = [];
  for (const { use } of uses) {
    if (HARMLESS.test(use.kind)) continue;
    if (use.kind === 'call' && (homes.has(`${use.file} ${use.name}`) || mayCall(use.file))) continue;
    const finding =
      use.kind === 'slot' ? await slotFinding(options, tree, use, allowed) : other(options, tree, use);
    if (finding !== undefined) findings.push(finding);
  }
  return { findings, matched: uses.length, unmatched: [], covers };
}

async function slotFinding(
  options: COnlyIntoOptions,
  tree: CTree,
  use: Use,
  allowed: (slot: string) => boolean,
): Promise<Finding | undefined> {
  const names = await slotNames(tree, use);
  const [slot] = names;
  const object = use.into === undefined ? '' : ` of ${use.into}`;
  const how = use.slot?.isByPosition === true ? ' by position' : '';
  if (slot === undefined) {
    const field = use.slot?.steps.findLast((step) => 'field' in step);
    const name = field !== undefined && 'field' in field ? field.field : 'a field';
    const message = `stores ${use.name}${how} in ${name}${object}, whose type nobody can tell`;
    return cFinding(options, tree, { place: use, symbol: use.name, message, certainty: 'unprovable' });
  }
  if (names.some(allowed)) return undefined;
  return cFinding(options, tree, {
    place: use,
    symbol: use.name,
    message: `stores ${use.name}${how} in ${slot}${object}; it may be stored only in ${options.slots.join(', ')}`,
  });
}

function other(options: COnlyIntoOptions, tree: CTree, use: Use): Finding {
  const what =
    {
      call: 'calls',
      argument: `passes to ${use.of ?? 'something'}`,
      stored: `stores in ${use.into ?? 'a variable'}`,
      'macro-body': 'names in a macro',
    }[use.kind as string] ?? 'uses as a value';
  const message = `${what}: ${use.name}, which may only be stored in ${options.slots.join(', ')}`;
  return cFinding(options, tree, { place: use, symbol: use.name, message });
}
