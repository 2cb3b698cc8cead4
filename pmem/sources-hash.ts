/** The hash of all in this project that a run and a comparison follow from besides tree and workload. */
import { hashOfParts } from '#base/hash.ts';
import { ownSources } from '#base/own-package.ts';
import { treeHash } from '#base/tree-files.ts';

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
const FILES = ['subject.ts', 'tried.ts', 'conditions.ts', 'tree-module.ts'];

export function sourcesHash(): string {
  const own = ownSources('pmem');
  return hashOfParts([
    ...SOURCES.map((folder) => treeHash(ownSources(folder))),
    ...FILES.map((file) => own.get(file) ?? ''),
  ]);
}
