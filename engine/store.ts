/**
 * Evidence on disk, under the hash of all that it follows from: the trees, the contracts' conditions, the machine, the
 * kernel around the trees, the suite. Prose in a contract is not part of it, so editing a reason reruns nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from './contract.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import { rootFolder } from './series/trees.ts';

/** Folders whose sources decide what a run gives. */
const SOURCE_FOLDERS = ['base', 'machine', 'kernel', 'engine', 'pmem'];

/** The hash of the sources of machine, kernel and suite. */
export function sourcesHash(): string {
  return SOURCE_FOLDERS.map((folder) => treeHash(readTree(join(rootFolder, folder)))).join('');
}

/** What of a contract decides a verdict. */
export function contractKey(contract: Contract): string {
  return JSON.stringify(
    contract.differences.map(({ id, dimension, relation, when }) => [id, dimension, relation, when]),
  );
}

/** The name under which evidence that follows from `parts` is kept. */
export function evidenceKey(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}

function pathOf(key: string): string {
  return join(rootFolder, '.cache', 'evidence', `${key}.json`);
}

/** Evidence stored under `key`, `undefined` when there is none that can be read. */
export function loadEvidence<Evidence>(key: string): Evidence | undefined {
  if (!existsSync(pathOf(key))) return undefined;
  try {
    return JSON.parse(readFileSync(pathOf(key), 'utf8')) as Evidence;
  } catch {
    // A file cut off by a crash is as good as none.
    return undefined;
  }
}

/** Keeps `evidence` under `key`. */
export function storeEvidence(key: string, evidence: unknown): void {
  const path = pathOf(key);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(evidence));
  renameSync(`${path}.${process.pid}`, path);
}
