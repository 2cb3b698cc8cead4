/**
 * Rule kind `presenceTested`: optional operations are called only where it has been tested that they are there. The
 * compiler's narrowing is the judge, so `?.`, `if`, `&&` and early returns all count; what it cannot excuse is
 * an assertion (`!`, `as`) over an operation that may be missing, or a call in code compiled without strict nulls.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import { referenceExpression } from '../oracle/classify.ts';
import type { Compiler, SyntaxNode } from '../oracle/compiler.ts';
import { isPart, parentOf, part } from '../oracle/syntax.ts';
import { resolveTarget } from '../oracle/targets.ts';
import { trackUses } from '../oracle/tracker.ts';
import type { Use } from '../oracle/use.ts';
import { findingOf, type Rule, type RuleOutcome, type RuleHeader } from '../rule.ts';

export interface PresenceTestedOptions extends RuleHeader {
  /** Types with optional members: `file#Type` means all its optional members, `file#Type.member` one of them. */
  readonly operations: readonly string[];
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
}

/** What the options of a rule of this kind must be. */
export const presenceTestedSchema = v.strictObject({
  ...headerEntries,
  operations: names,
  files: v.optional(names),
});

/** Optional operations are tested before they are called. Throws `InputError` for wrong options. */
export function presenceTested(options: PresenceTestedOptions): Rule {
  checkOptions(presenceTestedSchema, 'presenceTested', options);
  return { ...options, kind: 'presenceTested', check: (context) => check(options, context) };
}

function check(options: PresenceTestedOptions, context: CheckContext): RuleOutcome {
  const { compiler } = context;
  const resolved = options.operations.map((written) => {
    const name = written.slice(written.lastIndexOf('#') + 1);
    const members = resolveTarget(context, name.includes('.') ? written : `${written}.*`);
    return {
      written,
      found: members.filter(({ symbol }) => isOptional(compiler, compiler.declarationsOf(symbol)[0]?.node)),
    };
  });
  const watched = resolved.flatMap(({ found }) => found);
  const covers = filterOf(options.files ?? ['**']);
  const findings = trackUses(compiler, context.words, context.graph, watched)
    .filter((use) => covers(context.nameOf(use.unit)) && isUntested(compiler, use))
    .map((use) =>
      findingOf(options, context, {
        unit: use.unit,
        node: use.node,
        symbol: use.target.label,
        message: `takes ${use.target.label} for present without a test`,
        via: use.via,
      }),
    );
  const unmatched = resolved.filter(({ found }) => found.length === 0).map(({ written }) => written);
  return { findings, matched: watched.length, unmatched, covers };
}

function isOptional(compiler: Compiler, declaration: SyntaxNode | undefined): boolean {
  const token =
    declaration === undefined
      ? undefined
      : (part(declaration, 'questionToken') ?? part(declaration, 'postfixToken'));
  return token !== undefined && compiler.kindOf(token) === 'QuestionToken';
}

const ASSERTIONS = new Set(['NonNullExpression', 'AsExpression', 'TypeAssertionExpression']);

function isUntested(compiler: Compiler, use: Use): boolean {
  if (use.kind !== 'call' && use.kind !== 'value') return false;
  let current = referenceExpression(compiler, use.node);
  let isAsserted = false;
  for (let parent = parentOf(current); parent !== undefined; parent = parentOf(current)) {
    const kind = compiler.kindOf(parent);
    if (!ASSERTIONS.has(kind) && kind !== 'ParenthesizedExpression') break;
    isAsserted ||= ASSERTIONS.has(kind);
    current = parent;
  }
  const isPlainCall = use.kind === 'call' && !isOptionalCall(current);
  if (!isPlainCall && !isAsserted) return false;
  return compiler.mayBeMissing(referenceExpression(compiler, use.node));
}

/** `operation?.(…)`. */
function isOptionalCall(callee: SyntaxNode): boolean {
  const call = parentOf(callee);
  return call !== undefined && isPart(callee, 'expression') && part(call, 'questionDotToken') !== undefined;
}
