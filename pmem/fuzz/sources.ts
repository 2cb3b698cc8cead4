/** What threads load to try workloads, and the hash of all that the outcome follows from besides trees and seed. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOfParts } from '#base/hash.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import { sourcesHash } from '../sources-hash.ts';

/** URL of the module that opens the target. */
export const FUZZ_MODULE = pathToFileURL(join(import.meta.dirname, 'target.ts')).href;

/** The hash of what makes, tries and judges workloads. */
export function fuzzSourcesHash(): string {
  const engine = join(import.meta.dirname, '..', '..', 'engine');
  const own = readTree(join(engine, 'fuzz'));
  const judging = readTree(engine);
  return hashOfParts([
    sourcesHash(),
    treeHash(readTree(import.meta.dirname)),
    treeHash(own),
    judging.get('failure.ts') ?? '',
    judging.get('declared.ts') ?? '',
  ]);
}
