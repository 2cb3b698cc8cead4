/**
 * Rule kind `noReference`: nothing in the given files may reach the named symbols, by any road: alias, barrel,
 * namespace, destructuring, dynamic import, a value stored and called elsewhere. Judged by declaration, so another
 * function of the same name is left alone. A use that hides which member it takes is reported as unprovable.
 */
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { filterOf } from '../globs.ts';
import { checkOptions, headerEntries, names } from '../options.ts';
import { callOf } from '../oracle/steps.ts';
import type { Compiler, SyntaxNode } from '../oracle/compiler.ts';
import { deprecatedSymbols } from '../oracle/deprecated.ts';
import { withImplementations } from '../oracle/implementations.ts';
import { ownersOf, resolveTarget } from '../oracle/targets.ts';
import { trackUses } from '../oracle/tracker.ts';
import { USE_KINDS, type Use, type UseKind } from '../oracle/use.ts';
import { findingOf, type Rule, type RuleHeader, type RuleOutcome } from '../rule.ts';

export interface NoReferenceOptions extends RuleHeader {
  /**
   * Symbols as `file#name`, `file#Class.member`, `file#*`, `package#name`, or one signature of an overloaded function
   * as `file#name(a: number)`; files relative to the base.
   */
  readonly symbols?: readonly string[];
  /** Everything the project marks `@deprecated`, with the text of the tag in the message. */
  readonly deprecated?: boolean;
  /** Whether members that implement or override a named one are meant too. */
  readonly implementations?: boolean;
  /** Files the rule is about; all when left out. */
  readonly files?: readonly string[];
  /** Files that may reach the symbols. The files that declare them always may. */
  readonly except?: readonly string[];
  /** Kinds of use that are banned; all when left out. */
  readonly uses?: readonly UseKind[];
}

/** What the options of a rule of this kind must be. */
export const noReferenceSchema = v.strictObject({
  ...headerEntries,
  symbols: v.optional(names),
  deprecated: v.optional(v.boolean()),
  implementations: v.optional(v.boolean()),
  files: v.optional(names),
  except: v.optional(v.array(v.string())),
  uses: v.optional(v.pipe(v.array(v.picklist(USE_KINDS)), v.nonEmpty('must name at least one kind of use'))),
});

/** No reference to the symbols. Throws `InputError` for wrong options. */
export function noReference(options: NoReferenceOptions): Rule {
  checkOptions(noReferenceSchema, 'noReference', options);
  if (options.symbols === undefined && options.deprecated !== true) {
    throw new InputError(
      `rules: rule ${options.id} (noReference): option "symbols": is missing, and so is deprecated`,
    );
  }
  return { ...options, kind: 'noReference', check: (context) => check(options, context) };
}

function check(options: NoReferenceOptions, context: CheckContext): RuleOutcome {
  const { compiler } = context;
  const resolved = (options.symbols ?? []).map((written) => ({
    written,
    found: resolveTarget(context, written),
  }));
  const marked = options.deprecated === true ? deprecatedSymbols(context) : [];
  const named = [...resolved.flatMap(({ found }) => found), ...marked];
  const watched = options.implementations === true ? withImplementations(context, named) : named;
  const owners = ownersOf(compiler, watched);
  // What is deprecated in one file is not free to use in another that happens to declare something deprecated too.
  const homes = new Map(marked.map((one) => [one.target, ownersOf(compiler, [one])]));
  const isHome = (use: Use): boolean => (homes.get(use.target) ?? owners).has(use.unit.path);
  const files = filterOf(options.files ?? ['**']);
  const excepted = filterOf(options.except ?? []);
  const covers = (file: string): boolean => files(file) && !excepted(file);
  const banned = new Set(options.uses ?? USE_KINDS);
  const signatures = new Map(
    watched.flatMap(({ target, signature }) => (signature === undefined ? [] : [[target.label, signature]])),
  );
  const uses = trackUses(compiler, context.words, context.graph, watched)
    .filter((use) => banned.has(use.kind) && !isHome(use) && covers(context.nameOf(use.unit)))
    .filter((use) => isSignature(compiler, use, signatures.get(use.target.label)));
  return {
    findings: grouped(withoutIdleImports(uses)).map((group) => finding(options, context, group)),
    matched: watched.length,
    unmatched: resolved.filter(({ found }) => found.length === 0).map(({ written }) => written),
    covers,
  };
}

/** Of a function with several signatures only the calls of the one that is meant. */
function isSignature(compiler: Compiler, use: Use, signature: string | undefined): boolean {
  if (signature === undefined) return true;
  const call = use.kind === 'call' ? callOf(compiler, use.node) : undefined;
  return call !== undefined && compiler.signatureKeyAt(call) === signature;
}

/** An import is reported only where the file does nothing else with the symbol. */
function withoutIdleImports(uses: readonly Use[]): readonly Use[] {
  const used = new Set(uses.filter(isMoreThanImport).map((use) => `${use.unit.path}#${use.target.label}`));
  return uses.filter((use) => isMoreThanImport(use) || !used.has(`${use.unit.path}#${use.target.label}`));
}

function isMoreThanImport(use: Use): boolean {
  return use.kind !== 'import';
}

/** Uses that concern a whole module (a star export, a hidden member) are one finding, not one for each symbol. */
function grouped(uses: readonly Use[]): readonly (readonly [Use, ...Use[]])[] {
  const groups = new Map<SyntaxNode, Map<UseKind, [Use, ...Use[]]>>();
  for (const use of uses) {
    const kinds = groups.get(use.node) ?? new Map<UseKind, [Use, ...Use[]]>();
    groups.set(use.node, kinds);
    const group = kinds.get(use.kind);
    if (group === undefined) kinds.set(use.kind, [use]);
    else group.push(use);
  }
  return [...groups.values()].flatMap((kinds) => [...kinds.values()]);
}

function finding(rule: RuleHeader, context: CheckContext, group: readonly [Use, ...Use[]]): Finding {
  const [use, ...others] = [...group].sort((a, b) => (a.target.label < b.target.label ? -1 : 1));
  const labels = [...new Set(group.map(({ target }) => target.label))].sort();
  if (use === undefined) throw new RangeError('a group of uses is never empty');
  const more = others.length === 0 || labels.length === 1 ? '' : ` and ${labels.length - 1} more`;
  return findingOf(rule, context, {
    unit: use.unit,
    node: use.node,
    symbol: labels.join(', '),
    message: `${messageOf(use)}${more}`,
    via: [...use.via, ...use.modules],
    certainty: use.proved ? 'violation' : 'unprovable',
  });
}

const VERBS: Readonly<Record<UseKind, string>> = {
  import: 'imports',
  export: 're-exports',
  call: 'calls',
  value: 'uses as a value',
  type: 'names in a type',
  extends: 'derives from',
  write: 'assigns to',
  namespace: 'hides which member it takes of the module of',
};

/** What a use does, in words: `calls include/linux/pmem.ts#memcpyToPmem`. */
export function messageOf(use: Use): string {
  const { kind, target, flow, via } = use;
  const where = flow === undefined ? '' : destination(flow.into, flow.name, flow.slot?.name);
  const road = via.length === 0 ? '' : ` through ${(via[0] ?? '').replace(/ \(.*/, '')}`;
  const note = target.note === undefined ? '' : ` (${target.note})`;
  const doubt = use.proved || kind === 'namespace' ? '' : ', unless its key is another';
  return `${VERBS[kind]} ${target.label}${road}${where}${note}${doubt}`;
}

function destination(into: string, name: string | undefined, slot: string | undefined): string {
  if (into === 'argument') return name === undefined ? ', passed as an argument' : `, passed to ${name}`;
  if (into === 'return') return ', returned';
  if (name === undefined) return '';
  return `, stored in ${slot === undefined ? name : `${slot}.${name}`}`;
}
