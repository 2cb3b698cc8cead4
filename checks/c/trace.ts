/** `--trace NAME` for C: every place that names a symbol, and by which road, with what was left aside and why. */
import { InputError } from '#base/input-error.ts';
import type { Assumed } from './assume.ts';
import type { FactStore } from './facts.ts';
import type { IncludePath } from './includes.ts';
import { openTree } from './open-tree.ts';
import { cParser } from './parser.ts';
import { reached, roadText } from './reach.ts';
import { messageOf } from './rules/no-reference.ts';
import type { CSource } from './source/source.ts';
import type { CTree } from './tree.ts';
import { symbolOf, type CSymbol } from './uses.ts';

export interface TraceRequest {
  readonly source: CSource;
  readonly store: FactStore;
  readonly includePaths: readonly IncludePath[];
  readonly assumed: Assumed;
}

/** A tree with the uses of some symbols. */
async function treeOf(
  { source, store, includePaths, assumed }: TraceRequest,
  symbols: readonly CSymbol[],
): Promise<CTree> {
  return openTree({
    source,
    store,
    parse: await cParser(),
    symbols,
    follows: () => true,
    includePaths,
    assumed,
    base: '.',
    rulesName: '',
    commit: undefined,
  });
}

/** Names of symbols that several files define for others, as variants for machines are: each is meant. Text, empty when there are none. */
export async function definedText(request: TraceRequest, symbols: readonly CSymbol[]): Promise<string> {
  if (symbols.length === 0) return '';
  const places = new Map<string, string[]>();
  for (const { use } of reached(await treeOf(request, symbols), symbols, { teaches: () => false })) {
    if (use.kind !== 'definition' && use.kind !== 'macro-definition') continue;
    const where = use.condition.length === 0 ? '' : ` where ${use.condition.join(' && ')}`;
    places.set(use.name, [...(places.get(use.name) ?? []), `${use.file}:${use.line}${where}`]);
  }
  const variants = [...places].filter(([, list]) => list.length > 1).sort(([a], [b]) => (a < b ? -1 : 1));
  return variants
    .map(([name, list]) => `  ${name} is defined in:\n${list.map((one) => `    ${one}\n`).join('')}`)
    .join('');
}

/** The places as text. Throws `InputError` where nothing has the name. */
export async function traceC(request: TraceRequest, written: string): Promise<string> {
  const symbol = symbolOf(written);
  const tree = await treeOf(request, [symbol]);
  const { uses } = tree;
  const found = reached(tree, [symbol], { teaches: () => true });
  const silent = uses.uses.filter(
    ({ kind, isGiven, isStaticHere }) =>
      isGiven && (kind === 'silent' || (isStaticHere && symbol.file === undefined)),
  );
  if (found.length + silent.length === 0)
    throw new InputError(
      `There is nothing called ${written}. Write a name, a glob of names, or file.c#name for a static.`,
    );
  const lines = found.map((one) => {
    const { file, line, column, condition, in: around } = one.use;
    const where = [
      ...(around === undefined ? [] : [`in ${around}`]),
      ...(condition.length === 0 ? [] : [`where ${condition.join(' && ')}`]),
    ].join(', ');
    const roads = [...(one.use.pastedBy === undefined ? [] : [one.use.pastedBy]), ...roadText(one.road)];
    return [
      `  ${file}:${line}:${column}  ${messageOf(one)}${where === '' ? '' : ` (${where})`}`,
      ...roads.map((stop) => `      by way of ${stop}`),
    ].join('\n');
  });
  const aside = silent.map(
    ({ file, line, column, kind, why }) =>
      `  ${file}:${line}:${column}  ${kind === 'silent' ? (why ?? '') : 'static of this file'}`,
  );
  return [
    written,
    ...(lines.length === 0 ? ['  nothing names it'] : lines),
    ...(aside.length === 0 ? [] : ['  left aside:', ...aside]),
    '',
  ].join('\n');
}
