/** A tree of C with the uses of some symbols: what rules, traces and the comparison with the model look at. */
import type { CommitStamp } from '../finding.ts';
import type { Assumed } from './assume.ts';
import { factsOf, type FactStore } from './facts.ts';
import { resolverFor, type IncludePath } from './includes.ts';
import { findUses, type RoadsRequest } from './roads.ts';
import { reaches, type CTree } from './tree.ts';

export interface TreeRequest extends Pick<RoadsRequest, 'source' | 'parse' | 'symbols' | 'follows'> {
  readonly store: FactStore;
  /** Whether a file includes a header, by any chain; by its `#include` lines where nothing is given. */
  readonly isReached?: (file: string, header: string) => Promise<boolean>;
  readonly includePaths: readonly IncludePath[];
  readonly assumed: Assumed;
  readonly base: string;
  readonly rulesName: string;
  readonly commit: CommitStamp | undefined;
}

/** Finds the uses of the symbols in all files of a source. */
export async function openTree(request: TreeRequest): Promise<CTree> {
  const { source, store, parse, symbols, follows, includePaths, assumed, base, rulesName, commit } = request;
  const facts = factsOf(source, store, parse);
  const resolve = resolverFor(source.files, includePaths);
  const uses = await findUses({
    source,
    facts,
    parse,
    symbols,
    follows,
    isReached: request.isReached ?? ((file, header) => reaches({ facts, resolve }, file, header)),
    resolve,
  });
  const resolveAny = resolverFor({ has: source.exists }, includePaths);
  return { source, facts, parse, uses, resolve, resolveAny, assumed, base, rulesName, commit };
}
