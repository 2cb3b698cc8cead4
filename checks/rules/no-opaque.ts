/**
 * Rule kind `noOpaque`: nothing that hides what it reaches. Calls whose callee has the type `any`, `import()` and
 * `require` of a name that is not a constant, and code made from text can reach anything, a banned symbol included;
 * they are findings of their own, marked unprovable.
 */
import * as v from 'valibot';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import type { SourceUnit, SyntaxNode } from '../oracle/compiler.ts';
import { part, textOf, walk } from '../oracle/syntax.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

const WHAT = ['any-callee', 'dynamic-import', 'code-from-text'] as const;

export interface NoOpaqueOptions extends RuleHeader {
  /** Files that are looked at; all when left out. */
  readonly files?: readonly string[];
  /** What counts as opaque; all three when left out. */
  readonly what?: readonly (typeof WHAT)[number][];
}

/** What the options of a rule of this kind must be. */
export const noOpaqueSchema = v.strictObject({
  ...headerEntries,
  files: v.optional(names),
  what: v.optional(v.pipe(v.array(v.picklist(WHAT)), v.nonEmpty('must name at least one'))),
});

/** Nothing that hides what it reaches. Throws `InputError` for wrong options. */
export function noOpaque(options: NoOpaqueOptions): Rule {
  checkOptions(noOpaqueSchema, 'noOpaque', options);
  return { ...options, kind: 'noOpaque', check: (context) => check(options, context) };
}

function check(options: NoOpaqueOptions, context: CheckContext): RuleOutcome {
  const covers = filterOf(options.files ?? ['**']);
  const what = new Set<string>(options.what ?? WHAT);
  const units = context.compiler.files.filter(
    (unit) => covers(context.nameOf(unit)) && !unit.isDeclarationFile,
  );
  const findings = units.flatMap((unit) => [
    ...(what.has('dynamic-import') ? dynamicImports(options, context, unit) : []),
    ...callFindings(options, context, unit, what),
  ]);
  return { findings, matched: units.length, unmatched: [], covers };
}

function dynamicImports(rule: RuleHeader, context: CheckContext, unit: SourceUnit): readonly Finding[] {
  return context.graph
    .edgesFrom(unit)
    .filter((edge) => edge.specifier === undefined && (edge.kind === 'import()' || edge.kind === 'require'))
    .map((edge) =>
      findingOf(rule, context, {
        unit,
        node: edge.place,
        symbol: edge.kind,
        message: `loads a module whose name is not a constant: ${clipped(edge.place)}`,
        certainty: 'unprovable',
      }),
    );
}

const CALLS: Readonly<Record<string, string>> = {
  CallExpression: 'expression',
  NewExpression: 'expression',
  TaggedTemplateExpression: 'tag',
};

function calleesOf(context: CheckContext, unit: SourceUnit): readonly SyntaxNode[] {
  const callees: SyntaxNode[] = [];
  walk(unit.root, (node) => {
    const name = CALLS[context.compiler.kindOf(node)];
    const callee = name === undefined ? undefined : part(node, name);
    if (callee === undefined) return;
    const kind = context.compiler.kindOf(callee);
    if (kind !== 'ImportKeyword' && kind !== 'SuperKeyword') callees.push(callee);
  });
  return callees;
}

function callFindings(
  rule: RuleHeader,
  context: CheckContext,
  unit: SourceUnit,
  what: ReadonlySet<string>,
): readonly Finding[] {
  const callees = calleesOf(context, unit);
  const isAny = what.has('any-callee') ? context.compiler.isAny(callees) : [];
  const requires = new Set(context.graph.edgesFrom(unit).map((edge) => part(edge.node, 'expression')));
  return callees.flatMap((node, index) => {
    const text = textOf(node);
    const isText = what.has('code-from-text') && (text === 'eval' || text === 'Function');
    if (!isText && (isAny[index] !== true || requires.has(node))) return [];
    const message = isText
      ? `makes code from text with ${text}`
      : `calls ${clipped(node)}, whose type is any`;
    return [
      findingOf(rule, context, { unit, node, symbol: clipped(node), message, certainty: 'unprovable' }),
    ];
  });
}

function clipped(node: SyntaxNode): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
