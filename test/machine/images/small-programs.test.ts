/**
 * Every program of up to four instructions (three in `npm test`) under every setting, acknowledged after each instruction; and what the
 * proofs about small programs rest on: that the tree machine is the step-by-step machine, that one program of each
 * class is tried, and that a difference would be seen.
 */
import { describe, expect, it } from 'vitest';
import { sourceOf } from '#machine/images/crash-images.ts';
import { explore } from '../oracle/enumerate.ts';
import {
  isWanted,
  type Letter,
  LETTERS,
  mayFollow,
  wantedCount,
  WORD_OFFSETS,
} from '../oracle/program-tree.ts';
import { SETTINGS } from '../oracle/programs.ts';
import { BASE, machineAfter, sameSet } from '../oracle/sets.ts';
import { compareTree } from '../oracle/tree-comparison.ts';
import { type ImageBits, TreeMachine } from '../oracle/tree-machine.ts';
import { isThorough } from '../../support/thorough.ts';

/** 8,111 programs, 22,621 without use of symmetry; fewer in `npm test`. */
const LENGTH = isThorough ? 4 : 3;
/** 1,885 programs; fewer in `npm test`. */
const TREE_LENGTH = isThorough ? 3 : 2;

const [[, ADR]] = SETTINGS as [(typeof SETTINGS)[number]];

/** Every program of up to `maxLength` letters, prefixes first. */
function* allPrograms(maxLength: number, program: readonly Letter[] = []): Generator<readonly Letter[]> {
  yield program;
  if (program.length === maxLength) return;
  for (const letter of LETTERS) yield* allPrograms(maxLength, [...program, letter]);
}

describe('the sets of images equal those of the machine', () => {
  for (const [name, setting] of SETTINGS) {
    it(`for all programs of up to ${LENGTH} instructions, after each and in between: ${name}`, () => {
      const found = compareTree({ setting, maxLength: LENGTH, acknowledge: 'each', programs: 'wanted' });
      expect(found.mismatches).toEqual([]);
      expect(found.programCounts).toEqual([1, 6, 56, 624, 7_424].slice(0, LENGTH + 1));
    });
  }

  it(`for all programs of up to ${LENGTH} instructions, without use of symmetry: adr`, () => {
    const found = compareTree({ setting: ADR, maxLength: LENGTH, acknowledge: 'last', programs: 'all' });
    expect(found.mismatches).toEqual([]);
    expect(found.programCounts).toEqual([1, 12, 144, 1_728, 20_736].slice(0, LENGTH + 1));
  });

  for (const [name, oracleSetting] of SETTINGS) {
    // No letter is a string store, so that setting makes no difference here.
    const isSame = name === 'adr' || name === 'adr, unordered strings';
    it(`${isSame ? 'also' : 'not'} when the machine follows the setting "${name}"`, () => {
      const options = {
        setting: ADR,
        oracleSetting,
        maxLength: LENGTH,
        acknowledge: 'last',
        programs: 'wanted',
      } as const;
      const { mismatches } = compareTree(options);
      expect(mismatches.length === 0).toBe(isSame);
    });
  }
});

describe('the tree of programs', () => {
  it('has one program of each class', () => {
    const classes = new Set<string>();
    const wanted: string[] = [];
    for (const program of allPrograms(4)) {
      classes.add(classOf(program));
      const keeps = program.every((letter, index) => mayFollow(program.slice(0, index), letter));
      if (keeps && isWanted(program)) wanted.push(classOf(program));
    }
    expect(new Set(wanted)).toEqual(classes);
    expect(wanted.length).toBe(classes.size);
    expect(classes.size).toBe([0, 1, 2, 3, 4].reduce((sum, length) => sum + wantedCount(length), 0));
  });

  it('has as many programs as counted elsewhere', () => {
    // persistency.md 0: 3,257,436 programs of 1 to 6 instructions before any use of symmetry.
    expect([1, 2, 3, 4, 5, 6].reduce((sum, length) => sum + 12 ** length, 0)).toBe(3_257_436);
    expect([0, 1, 2, 3, 4, 5, 6].map(wantedCount)).toEqual([1, 6, 56, 624, 7_424, 90_816, 1_124_096]);
  });
});

describe('the tree machine', () => {
  for (const [name, setting] of SETTINGS) {
    it(`has the images of the step-by-step machine for all programs of up to ${TREE_LENGTH} instructions: ${name}`, () => {
      const machine = new TreeMachine(setting);
      const differing: string[] = [];
      for (const program of allPrograms(TREE_LENGTH)) {
        const trace = `${program.map(withValue).join(' A0 ')} A0`;
        const explored = explore(sourceOf(machineAfter(trace, setting.domain)), setting);
        for (const letter of program) machine.push(letter);
        const isSame = (images: ImageBits, expected: ReadonlySet<string>): boolean =>
          sameSet(textsOf(images, explored.wordAddresses), expected);
        const agrees = program.every(
          (_, index) =>
            isSame(machine.acked(index + 1), explored.acked[index]!) &&
            isSame(machine.inFlight(index), explored.inFlight[index]!),
        );
        if (!agrees || !isSame(machine.anywhere, explored.anywhere)) differing.push(trace);
        for (const _ of program) machine.pop();
      }
      expect(differing).toEqual([]);
    });
  }

  it('forgets what it takes back', () => {
    const [store, fence] = [LETTERS[0]!, LETTERS.find(({ text }) => text === 'S')!];
    const machine = new TreeMachine(ADR);
    machine.push(store);
    const before = [machine.stateCount, [...machine.anywhere], [...machine.acked(1)]];
    machine.push(fence);
    machine.pop();
    expect([machine.stateCount, [...machine.anywhere], [...machine.acked(1)]]).toEqual(before);
  });
});

const TO_WORD_0 = { c8: 'c0', n8: 'n0' };
const SWAPPED_WORDS = { ...TO_WORD_0, c0: 'c8', n0: 'n8' };
const SWAPPED_LINES = {
  c0: 'c64',
  n0: 'n64',
  X0: 'X64',
  W0: 'W64',
  c64: 'c0',
  n64: 'n0',
  X64: 'X0',
  W64: 'W0',
};

/** Equal for programs that renaming makes equal. */
function classOf(program: readonly Letter[]): string {
  const usesBoth = [0, 1].every((word) => program.some((letter) => letter.word === word));
  const texts = program.map(({ text }) => text);
  const first = usesBoth ? texts : renamed(texts, TO_WORD_0);
  const second = renamed(first, usesBoth ? SWAPPED_WORDS : SWAPPED_LINES);
  return [first.join(' '), second.join(' ')].sort()[0]!;
}

function renamed(texts: readonly string[], names: Readonly<Record<string, string>>): string[] {
  return texts.map((text) => names[text] ?? text);
}

/** Instruction `index` as a trace step that stores the value `index + 1`. */
function withValue({ text, word }: Letter, index: number): string {
  return word < 0 ? text : `${text}=0${index + 1}`;
}

function textsOf(images: ImageBits, wordAddresses: readonly number[]): Set<string> {
  const texts = new Set<string>();
  for (let image = 0; image < 512; image++) {
    if (((images[image >>> 5]! >>> (image & 31)) & 1) === 0) continue;
    const value = (address: number): number =>
      (image >>> (3 * WORD_OFFSETS.findIndex((offset) => BASE + offset === address))) & 7;
    texts.add(wordAddresses.map((address) => String.fromCharCode(value(address)).repeat(8)).join(''));
  }
  return texts;
}
