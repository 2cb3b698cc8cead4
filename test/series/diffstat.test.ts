/**
 * The cover letter lists what the series touches; the two trees must differ in exactly that. How: the diffstat is read
 * from the letter, each C file becomes the file that models it, and the folders are compared byte by byte.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '#base/tree-files.ts';
import { rootFolder } from '../support/project.ts';

const letter = readFileSync(join(rootFolder, 'series/cover-letter.txt'), 'utf8');

/** Lines of the diffstat, such as `fs/dax.c | 11 ++-`. */
const listed = [...letter.matchAll(/^(\S+)\s+\|\s+\d+(?: [+-]+)?$/gm)].map((match) => match[1] ?? '');

/** Files that the letter says are deleted. */
const deleted = [...letter.matchAll(/^delete mode \d+ (\S+)$/gm)].map((match) => match[1] ?? '');

/** The file that models `file`: a header beside a C file of the same name keeps its `.h`. */
function modelOf(file: string): string {
  if (file === 'MAINTAINERS') return file;
  if (!/\.[ch]$/.test(file)) return `${file}.ts`;
  const hasTwin = file.endsWith('.h') && listed.includes(file.replace(/\.h$/, '.c'));
  return hasTwin ? `${file}.ts` : file.replace(/\.[ch]$/, '.ts');
}

const contents = (tree: string): Map<string, string> =>
  new Map(
    filesBelow(join(rootFolder, tree)).map((file) => [
      file,
      readFileSync(join(rootFolder, tree, file), 'utf8'),
    ]),
  );

describe('the diffstat of the cover letter', () => {
  const before = contents('before');
  const after = contents('after');

  it('should list 31 files, one of them deleted', () => {
    expect(listed).toHaveLength(Number(/^(\d+) files changed/m.exec(letter)?.[1]));
    expect(listed).toHaveLength(31);
    expect(deleted).toEqual(['include/linux/pmem.h']);
  });

  it('should be what the two trees differ in, no file more and no file less', () => {
    const files = [...new Set([...before.keys(), ...after.keys()])];
    const differing = files.filter((file) => before.get(file) !== after.get(file));
    expect(differing.sort()).toEqual(listed.map(modelOf).sort());
  });

  it('should name as deleted what is missing after, and nothing new', () => {
    expect([...before.keys()].filter((file) => !after.has(file))).toEqual(deleted.map(modelOf));
    expect([...after.keys()].filter((file) => !before.has(file))).toEqual([]);
  });

  it('should leave alone what makes a tree bootable', () => {
    expect(before.get('index.ts')).toBe(after.get('index.ts'));
    expect(existsSync(join(rootFolder, 'before', 'index.ts'))).toBe(true);
  });
});
