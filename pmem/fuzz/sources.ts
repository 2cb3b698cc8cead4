/** What threads load to try workloads, and the hash of all that the outcome follows from besides trees and seed. */
import { hashOfParts } from '#base/hash.ts';
import { moduleUrl, ownHash } from '#base/own-package.ts';
import { sourcesHash } from '../sources-hash.ts';

/** URL of the module that opens the target. */
export const FUZZ_MODULE = moduleUrl('pmem/fuzz/target.ts');

/** The hash of what makes, tries and judges workloads. */
export function fuzzSourcesHash(): string {
  return hashOfParts([
    sourcesHash(),
    ownHash('pmem/fuzz'),
    ownHash('engine/fuzz'),
    ownHash('engine/failure.ts'),
    ownHash('engine/declared.ts'),
  ]);
}
