/** The hash of all in this project that a run and a comparison follow from besides tree and workload. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfParts } from '#base/hash.ts';
import { readTree, treeHash } from '#base/tree-files.ts';

/** Reports and scenarios do not belong to it. */
const SOURCES = [
  'base',
  'kernel',
  'machine/hardware',
  'machine/images',
  'machine/nfit',
  'machine/order',
].concat(['language', 'run', 'compare', 'promise', 'parts'].map((folder) => `pmem/${folder}`));

/** What turns runs into facts and differences. */
const FILES = ['pmem/subject.ts', 'pmem/tried.ts', 'pmem/conditions.ts'];

export function sourcesHash(): string {
  const root = join(import.meta.dirname, '..');
  return hashOfParts([
    ...SOURCES.map((folder) => treeHash(readTree(join(root, folder)))),
    ...FILES.map((file) => readFileSync(join(root, file), 'utf8')),
  ]);
}
