/**
 * Rule kind `noUnresolved`: every import leads somewhere. What an import that leads nowhere brings in has the type
 * `any`, and through `any` everything can be reached unseen.
 */
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { ModuleEdge } from '../oracle/modules.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface NoUnresolvedOptions extends RuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** Specifiers that may stay unresolved, as globs: `virtual:*`. */
  readonly ignore?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const noUnresolvedSchema = v.strictObject({
  ...headerEntries,
  files: v.optional(names),
  ignore: v.optional(names),
});

/** No import that leads nowhere. Throws `InputError` for wrong options. */
export function noUnresolved(options: NoUnresolvedOptions): Rule {
  checkOptions(noUnresolvedSchema, 'noUnresolved', options);
  return { ...options, kind: 'noUnresolved', check: (context) => check(options, context) };
}

function check(options: NoUnresolvedOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files ?? ['**']);
  const ignored = filterOf(options.ignore ?? []);
  const units = context.compiler.files.filter((unit) => covers(context.nameOf(unit)));
  const findings = units
    .flatMap((unit) => context.graph.edgesFrom(unit))
    .filter((edge) => !ignored(edge.specifier ?? '') && leadsNowhere(edge))
    .map((edge) =>
      findingOf(options, context, {
        unit: edge.from,
        node: edge.place,
        symbol: edge.specifier ?? '',
        message: `imports '${edge.specifier ?? ''}', which leads nowhere`,
        certainty: 'unprovable',
      }),
    );
  return { findings, matched: units.length, unmatched: [], covers };
}

function leadsNowhere(edge: ModuleEdge): boolean {
  if (edge.file !== undefined || edge.specifier === undefined) return false;
  if (/^(?:augmentation|road|mock)$/.test(edge.kind)) return false;
  if (isBuiltin(edge.specifier)) return false;
  const bare = edge.specifier.replace(/[?#].*$/, '');
  const isBesides = /^\.{0,2}\//.test(bare) && existsSync(path.resolve(path.dirname(edge.from.path), bare));
  // Asked last: it may cost a question to a compiler.
  return !isBesides && !edge.resolved;
}
