/**
 * Rule kind `onlyInto` (slots): a function may flow as a value only into fields of the named types. This is what
 * makes calls through a table of operations safe to leave alone: what is stored in the table was allowed there.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import { owningFiles, ownersOf, resolveTarget } from '../oracle/targets.ts';
import { trackUses } from '../oracle/tracker.ts';
import type { Use } from '../oracle/use.ts';
import { findingOf, type Rule, type RuleOutcome, type RuleHeader } from '../rule.ts';
import { messageOf } from './no-reference.ts';

export interface OnlyIntoOptions extends RuleHeader {
  /** The functions: `file#name`, `file#Class.member`. */
  readonly symbols: readonly string[];
  /** Types whose fields may hold them: `file#Type`. */
  readonly slots: readonly string[];
  /** Files that may call them directly, beside those that declare them. */
  readonly callers?: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const onlyIntoSchema = v.strictObject({
  ...headerEntries,
  symbols: names,
  slots: names,
  callers: v.optional(v.array(v.string())),
  files: v.optional(names),
});

/** Functions that may only be stored in certain fields. Throws `InputError` for wrong options. */
export function onlyInto(options: OnlyIntoOptions): Rule {
  checkOptions(onlyIntoSchema, 'onlyInto', options);
  return { ...options, kind: 'onlyInto', check: (context) => check(options, context) };
}

function check(options: OnlyIntoOptions, context: CheckContext): RuleOutcome {
  const resolved = [...options.symbols, ...options.slots].map((written) => ({
    written,
    found: resolveTarget(context, written),
  }));
  const watched = resolved.slice(0, options.symbols.length).flatMap(({ found }) => found);
  const slots = new Set(
    resolved
      .slice(options.symbols.length)
      .flatMap(({ found }) => found)
      .flatMap(({ symbol, target }) =>
        owningFiles(context.compiler, symbol).map((file) => `${file}#${target.name}`),
      ),
  );
  const owners = ownersOf(context.compiler, watched);
  const covers = filterOf(options.files ?? ['**']);
  const mayCall = filterOf(options.callers ?? []);
  const findings = trackUses(context.compiler, context.words, context.graph, watched)
    .filter((use) => covers(context.nameOf(use.unit)) && use.via.length === 0)
    .filter((use) => !isAllowed(use, slots, owners.has(use.unit.path) || mayCall(context.nameOf(use.unit))))
    .map((use) =>
      findingOf(options, context, {
        unit: use.unit,
        node: use.node,
        symbol: use.target.label,
        message: `${messageOf(use)}; it may only be stored in ${namesOf(options.slots)}`,
        certainty: use.proved ? 'violation' : 'unprovable',
      }),
    );
  const unmatched = resolved.filter(({ found }) => found.length === 0).map(({ written }) => written);
  return { findings, matched: watched.length, unmatched, covers };
}

function namesOf(slots: readonly string[]): string {
  return slots.map((slot) => slot.slice(slot.lastIndexOf('#') + 1)).join(' or ');
}

function isAllowed(use: Use, slots: ReadonlySet<string>, mayCall: boolean): boolean {
  switch (use.kind) {
    case 'import':
    case 'type':
    case 'export':
      return true;
    case 'call':
      return mayCall;
    case 'value': {
      const slot = use.flow?.slot;
      return slot !== undefined && slots.has(`${slot.path}#${slot.name}`);
    }
    default:
      return false;
  }
}
