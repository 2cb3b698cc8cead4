/** What threads load to try workloads, and the hash of all that the outcome follows from besides trees and seed. */
import { hashOfParts } from '#base/hash.ts';
import { moduleUrl, ownSources } from '#base/own-package.ts';
import { treeHash } from '#base/tree-files.ts';
import { sourcesHash } from '../sources-hash.ts';

/** URL of the module that opens the target. */
export const FUZZ_MODULE = moduleUrl('pmem/fuzz/target.ts');

/** The hash of what makes, tries and judges workloads. */
export function fuzzSourcesHash(): string {
  const judging = ownSources('engine');
  return hashOfParts([
    sourcesHash(),
    treeHash(ownSources('pmem/fuzz')),
    treeHash(ownSources('engine/fuzz')),
    judging.get('failure.ts') ?? '',
    judging.get('declared.ts') ?? '',
  ]);
}
