/**
 * Rule kind `noCopy`: a hint where a function's body was copied by hand under another name. Equal shape proves
 * nothing (the differential suite does that), so these are hints and never fail a run by themselves.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import { part } from '../oracle/syntax.ts';
import { ownersOf, resolveTarget } from '../oracle/targets.ts';
import { findingOf, type Rule, type RuleOutcome, type RuleHeader } from '../rule.ts';
import { shapeOf, shapesIn } from './body-shape.ts';

export interface NoCopyOptions extends RuleHeader {
  /** The functions whose copies are looked for. */
  readonly symbols: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
  /** Files that may hold copies. */
  readonly except?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const noCopySchema = v.strictObject({
  ...headerEntries,
  symbols: names,
  files: v.optional(names),
  except: v.optional(v.array(v.string())),
});

/** Hints at copies of functions. Throws `InputError` for wrong options. */
export function noCopy(options: NoCopyOptions): Rule {
  checkOptions(noCopySchema, 'noCopy', options);
  return { ...options, kind: 'noCopy', check: (context) => check(options, context) };
}

function check(options: NoCopyOptions, context: CheckContext): RuleOutcome {
  const { compiler } = context;
  const resolved = options.symbols.map((written) => ({ written, found: resolveTarget(context, written) }));
  const watched = resolved.flatMap(({ found }) => found);
  const shapes = new Map<string, string>();
  for (const { symbol, target } of watched) {
    for (const { node } of compiler.declarationsOf(symbol)) {
      const shape = shapeOf(compiler, node);
      if (shape !== undefined) shapes.set(shape, target.label);
    }
  }
  const owners = ownersOf(compiler, watched);
  const files = filterOf(options.files ?? ['**']);
  const excepted = filterOf(options.except ?? []);
  const covers = (file: string): boolean => files(file) && !excepted(file);
  const units = compiler.files.filter((unit) => covers(context.nameOf(unit)) && !owners.has(unit.path));
  const findings = units.flatMap((unit) =>
    shapesIn(compiler, unit.root).flatMap(({ node, shape }) => {
      const label = shapes.get(shape);
      if (label === undefined) return [];
      const message = `has the same body as ${label} but for names`;
      const place = part(node, 'name') ?? node;
      return [findingOf(options, context, { unit, node: place, symbol: label, message, certainty: 'hint' })];
    }),
  );
  const unmatched = resolved.filter(({ found }) => found.length === 0).map(({ written }) => written);
  return { findings, matched: watched.length, unmatched, covers };
}
