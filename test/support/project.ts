/** The pmem series for tests: its trees by name, its contracts, and trees with something wrong in them. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { treeHash, type TreeFiles, writeTree } from '#base/tree-files.ts';
import { openProject } from '#engine/project.ts';
import { EvidenceStore } from '#engine/store.ts';
import type { Tree } from '#engine/subject.ts';
import { loadTree as loadFolder } from '#pmem/load-tree.ts';
import type { Boot } from '#pmem/run/run.ts';
import configuration from '#series/conform.config.ts';

/** The project; tests keep what they make in its own cache. */
export const project = openProject(configuration);

export const rootFolder: string = project.root;
export const seriesFolders = (): typeof project.series.source => project.series.source;
export const { stepCount } = project.series;
export const stepName = (step: number): string => project.series.stepName(step);
export const treeFolder = (name: string): string => project.series.tree(name).folder;
export const stepFolder = (step: number): string => treeFolder(stepName(step));
export const loadTree = (name: string): Promise<Boot> => loadFolder(treeFolder(name));

/** A folder of its own below the cache, from where trees can be loaded. The caller removes it. */
export function scratchFolder(): string {
  mkdirSync(project.cache, { recursive: true });
  return mkdtempSync(join(project.cache, 'scratch-'));
}

/** Writes files as a tree below `scratch`. */
export function treeOf(files: TreeFiles, scratch: string, name: string): Tree {
  const folder = join(scratch, name);
  writeTree(folder, files);
  return { name, folder, hash: treeHash(files) };
}

/** The files of a step with one text in one file replaced. Throws when it is not there. */
export function changed(step: number, file: string, from: string, to: string): TreeFiles {
  const files = new Map(project.series.stepFiles(step));
  const text = files.get(file) ?? '';
  if (!text.includes(from)) throw new Error(`${file} at step ${step} has no '${from}'`);
  files.set(file, text.replace(from, to));
  return files;
}

/** A store that keeps nothing. */
export function emptyStore(): EvidenceStore {
  return new EvidenceStore('/dev/null/nowhere', () => {}, true);
}
