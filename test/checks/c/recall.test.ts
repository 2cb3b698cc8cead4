// The law of recall: each word that equals a watched name ends as a use or with a reason for silence. Held against texts made at
// random whose words are known from their making, and against whole trees of C by a second witness (./witness.ts): kernels where
// PMEM_CONFORM_KERNEL names them, other folders that PMEM_CONFORM_C names, parted by colons.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse, openFile } from '#checks/c/analyse.ts';
import { cParser } from '#checks/c/parser.ts';
import { factsOf, memoryStore } from '#checks/c/facts.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { watchFor } from '#checks/c/watch.ts';
import { Random } from '#engine/fuzz/random.ts';
import { filterOf } from '#checks/globs.ts';
import { runs } from '../../support/thorough.ts';
import { wordsOf } from './witness.ts';

const NAME = 'watched';

/** A piece of text, and where in it the name stands as a word that code can see. */
type Piece = readonly [text: string, ...at: number[]];

/** `@` stands for the name where code sees it, `!` where it does not. */
function piece(form: string): Piece {
  const at: number[] = [];
  let text = '';
  for (const letter of form) {
    if (letter === '@') at.push(text.length);
    text += letter === '@' || letter === '!' ? NAME : letter;
  }
  return [text, ...at];
}

const COMMON = [
  '@',
  '@(',
  '@;\n',
  'x = @;',
  '@ = 1,',
  '.@ = 2,',
  's->@',
  '&@',
  '(@)',
  '@[3]',
  'goto @;',
  '@:',
  'struct @ {',
  'enum { @,',
  'static int @(void)\n{',
  'extern int @;',
  'void (*@)(int);',
  'EXPORT_SYMBOL(@);',
  'typedef int @;',
  'f(@, @)',

  '/* ! */',
  '/* !\n! */',
  '// !\n',
  '// !\\\n!\n',
  '"!"',
  '"a ! \\" ! b"',
  '"!\\\n!"',
  '!_x',
  'x!',
  '!2',
  '1!',
  '0x!',
  '.5!',
  '1.@'.replace('@', '!'),
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';\n',
  ',',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '\f',
  '\\\n',
  'int',
  'x',
  '0',
  '1e+5',
  '<',
  '%',
  '\n#if @\n',
  '\n#ifdef @\n',
  '\n#ifndef @\n',
  '\n# elif defined(@)\n',
  '\n#else\n',
  '\n#endif\n',
  '\n#endif @\n',
  '\n#define @ 1\n',
  '\n#define @(x) x\n',
  '\n#define M(@) @\n',
  '\n#define M @ \\\n @\n',
  '\n#undef @\n',
  '\n#include <!>\n',
  '\n#include <!\n',
  '\n#include "!.h"\n',
  '\n#include @\n',
  '\n#pragma @\n',
  '\n#error @\n',
  '\n#line 3 "!"\n',
  '\n#define S "!\n',
  '\n#if 0\n',
  '\n/* c */ #define @\n',
  '\n#\\\ndefine @ 2\n',
  '@/**/@',
  '@//\n',
  '/**/@',
  '/*/!*/@',
  '@\\\n@'.replace('@\\\n@', '! \\\n@').replace('!', '@'),
].map(piece);

/** What only C has: characters, digraphs, names with `$` and letters beyond ASCII. */
const ONLY_C = [
  '#@',
  '##@',
  '@##x',
  "'!'",
  "'\\''",
  "'\"'",
  "'@'".replace('@', '!'),
  '\n%:define @ 3\n',
  'a %:%: @',
  '$!',
  '!$',
  '\u00e9!',
  'L"!"',
  '@"!"',
].map(piece);
/** What only assembly has. */
const ONLY_ASSEMBLY = [
  "it's @ isn't it\n",
  '\n# ! is a comment\n',
  'ENTRY(@)\n',
  '$@',
  '\tcall @\n',
  '@:\n',
  '.globl @\n',
].map(piece);

function madeAt(
  seed: number,
  isAssembly: boolean,
): { readonly text: string; readonly places: readonly number[] } {
  const random = new Random(1, seed);
  const pieces = [...COMMON, ...(isAssembly ? ONLY_ASSEMBLY : ONLY_C)];
  const places: number[] = [];
  let text = '';
  for (let count = random.below(120); count >= 0; count -= 1) {
    const [part, ...at] = pieces[random.below(pieces.length)] ?? [''];
    // A blank keeps words of pieces apart.
    places.push(...at.map((one) => text.length + 1 + one));
    text += ` ${part}`;
  }
  return { text, places };
}

/** Places that became no use and have no reason. */
async function lost(file: string, { text, places }: ReturnType<typeof madeAt>): Promise<readonly number[]> {
  const hits = analyse(openFile(file, text), watchFor([NAME]), await cParser());
  const told = new Set(
    hits.filter(({ kind, why }) => kind !== 'silent' || why !== undefined).map(({ at }) => at),
  );
  return places.filter((at) => !told.has(at));
}

describe('a text made at random', () => {
  it.each([
    ['a.c', false],
    ['a.h', false],
    ['a.S', true],
  ])('should lose no word as %s, whatever stands around it', async (file, isAssembly) => {
    for (let seed = 1; seed <= runs(400); seed += 1) {
      const made = madeAt(seed, isAssembly);
      expect([seed, made.text, await lost(file, made)]).toEqual([seed, made.text, []]);
    }
  });

  it('should lose words where C is read as assembly: the law can break', async () => {
    let count = 0;
    for (let seed = 1; seed <= 100; seed += 1) count += (await lost('a.S', madeAt(seed, false))).length;
    expect(count).toBeGreaterThan(10);
  });
});

const KERNEL = process.env['PMEM_CONFORM_KERNEL'];
const TREES = [
  ...(KERNEL === undefined ? [] : ['v4.12.10', 'v4.13.9'].map((name) => path.join(KERNEL, name))),
  ...(process.env['PMEM_CONFORM_C'] ?? '').split(':'),
].filter((folder) => folder !== '' && existsSync(folder));

/** More files are not read in one tree: a name that every file holds would take minutes. */
const FILES_MAX = 1500;

/** So many files of a list, drawn at random. */
function some(files: readonly string[], countMax: number): readonly string[] {
  const random = new Random(2, files.length);
  const left = [...files];
  while (left.length > countMax) left[random.below(left.length)] = left.pop() ?? '';
  return left;
}

/** Words that some files hold, drawn at random: names of all kinds, also of fields, labels and macros. */
function drawn(folder: string, files: readonly string[], count: number): ReadonlySet<string> {
  const random = new Random(1, files.length);
  const found = new Set<string>();
  while (found.size < count) {
    const text = readFileSync(path.join(folder, files[random.below(files.length)] ?? ''), 'latin1');
    const words = text.match(/\b[A-Za-z_]\w{9,}\b/g) ?? [];
    const word = words[random.below(Math.max(1, words.length))];
    if (word !== undefined) found.add(word);
  }
  return found;
}

describe('a tree of C', () => {
  it
    .skipIf(TREES.length === 0)
    .each(TREES.length === 0 ? ['(not run: PMEM_CONFORM_KERNEL names none)'] : TREES)(
    'should have the words that a second witness finds, and no others: %s',
    async (folder) => {
      const parse = await cParser();
      const source = openFolder(folder, filterOf(['**/*.[chS]']));
      const all = [...source.files.names()];
      const names = drawn(folder, all, 60);
      const watch = watchFor([...names]);
      const files = some([...(await source.matching(watch.pattern)).keys()], FILES_MAX);
      const hits = await factsOf(source, memoryStore(), parse).hits(files, watch);
      const problems: string[] = [];
      let count = 0;
      for (const file of files) {
        const { words, inStrings } = wordsOf(file, readFileSync(path.join(folder, file), 'latin1'), (name) =>
          names.has(name),
        );
        const own = new Set((hits.get(file) ?? []).map(({ name, at }) => `${name} ${at}`));
        const seen = new Set(words.map(({ name, at }) => `${name} ${at}`));
        const quoted = new Set(inStrings.map(({ name, at }) => `${name} ${at}`));
        count += seen.size;
        problems.push(...[...seen].filter((one) => !own.has(one)).map((one) => `${file}: lost ${one}`));
        problems.push(
          ...[...own]
            .filter((one) => !seen.has(one) && !quoted.has(one))
            .map((one) => `${file}: no word ${one}`),
        );
      }
      expect(problems).toEqual([]);
      expect(count).toBeGreaterThan(100);
    },
    600_000,
  );
});
