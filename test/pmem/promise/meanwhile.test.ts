/** Another task inside an operation: what it may do where, what it is owed, and trees that lose what it wrote. */
import { afterAll, describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { formatWorkload, parseWorkload } from '#pmem/language/notation.ts';
import { waysOf, type Ways } from '#pmem/promise/promise.ts';
import type { Boot } from '#pmem/run/run.ts';
import { Mutants } from './mutants.ts';

const mutants = new Mutants();
afterAll(() => mutants.remove());

function ways(boot: Boot, text: string): Ways {
  const workload = parseWorkload(text);
  checkWorkload(workload);
  const found = waysOf(boot, workload);
  if (found === undefined) throw new Error(`${text} goes one way`);
  return found;
}

/** What is lost on some way, as `rule index disk`. */
const brokenBy = (boot: Boot, text: string): string[] =>
  ways(boot, text).findings.map(({ rule, index, disk }) => `${rule} ${index} ${disk}`);

const STORE_DURING_FSYNC = 'store pmem0:/f @0 8 / while fsync pmem0:/f: store pmem0:/f @8 8 / fsync pmem0:/f';

describe('the line `while OPERATION: OTHER`', () => {
  it('should be two operations, the other one first, and come back as it was', () => {
    const workload = parseWorkload(STORE_DURING_FSYNC);
    expect(workload.steps.map(({ operation, isMeanwhile = false }) => [operation.kind, isMeanwhile])).toEqual(
      [
        ['store', false],
        ['store', true],
        ['fsync', false],
        ['fsync', false],
      ],
    );
    expect(formatWorkload(workload)).toBe(
      `boot adr clwb pmem0=2M\n${STORE_DURING_FSYNC.replaceAll(' / ', '\n')}`,
    );
  });

  it.each([
    ['while fsync pmem0:/f store pmem0:/f @0 8', "'while' without ':'"],
    ['while fsyc pmem0:/f: store pmem0:/f @0 8', "unknown operation 'fsyc'"],
    ['while fsync pmem0:/f: store pmem0:/f @0', 'the line ends too early'],
    ['while fsync pmem0:/f: crash', "'crash' in 'while'"],
    ['while detach pmem0: flush pmem0', "'detach' in 'while'"],
    ['while flush pmem0: flush pmem0 / while flush pmem0: flush pmem0', "a second 'while'"],
    ['while flush pmem0: flush pmem0 / flush pmem0 / crash inside', 'a power failure inside'],
    [
      'while dax write pmem0:/f @0 iov 64: store pmem0:/f @8 8',
      'one operation writes what the other works on',
    ],
    [
      'while dax read pmem0:/f @0 iov 64: store pmem0:/f @8 8',
      'one operation writes what the other works on',
    ],
  ])('should not be taken as in %s', (text, problem) => {
    expect(() => ways(after, text)).toThrow(problem);
  });
});

describe('the points of an operation', () => {
  it('should be its instructions and the changes that other tasks see', () => {
    // fsync of one dirty page: tag towrite set and cleared, write-protect, clwb, tag dirty cleared, two fences of the flush.
    const { count, blocked, isComplete, of } = ways(after, STORE_DURING_FSYNC);
    expect([of, isComplete, count + blocked]).toEqual(['point', true, 7]);
    // Once the page is write-protected the store has to fault, and the entry is locked until its tag is cleared.
    expect(blocked).toBe(2);
  });

  it('should be none inside a write to a BTT, whose lane belongs to its CPU', () => {
    const text =
      'boot adr pmem0=17M / personality pmem0 btt 512 / while bio write pmem0s @0 512: bio write pmem0s @512 512';
    expect(ways(after, text)).toMatchObject({ count: 0, findings: [] });
  });

  it('should be some of them where there are very many, the first and the last among them', () => {
    const text = `while dax write pmem0:/f @0 iov ${Array.from({ length: 300 }, () => 8).join(',')}: flush pmem0`;
    const { count, isComplete } = ways(after, text);
    expect(isComplete).toBe(false);
    expect(count).toBeGreaterThan(150);
    expect(count).toBeLessThanOrEqual(200);
  });
});

describe('what is owed', () => {
  it('should be nothing by an fsync to what was stored while it ran, and all by the next one', () => {
    expect(brokenBy(after, STORE_DURING_FSYNC.replace(/ \/ fsync[^/]*\/f$/, ''))).toEqual([]);
    expect(brokenBy(before, STORE_DURING_FSYNC)).toEqual([]);
  });

  const SETUP =
    'boot adr clwb pmem0=4M / store pmem0:/f @0 8 / dax write pmem0:/f @4096 iov 64 / bio write pmem0 @1M 512';
  const ONE = [
    'fsync pmem0:/f', 'msync pmem0:/f @0 4096', 'dax write pmem0:/f @128 iov 64', 'store pmem0:/f @256 8', 'load pmem0:/f @256 8',
    'zero pmem0:/f @512 64', 'bio write pmem0 @1052672 512 preflush fua', 'flush pmem0', 'dax read pmem0:/f @256 iov 64',
  ]; // prettier-ignore
  const OTHER = [
    'fsync pmem0:/f', 'msync pmem0:/f @0 4096', 'dax write pmem0:/f @1024 iov 64', 'store pmem0:/f @64 8', 'load pmem0:/f @64 8',
    'zero pmem0:/f @2048 128', 'bio write pmem0 @1056768 512', 'flush pmem0', 'dax read pmem0:/f @64 iov 64',
  ]; // prettier-ignore

  it.each(ONE)('should be kept by both trees whatever another task does during %s', (one) => {
    for (const other of OTHER)
      for (const boot of [before, after])
        expect(
          brokenBy(boot, `${SETUP} / while ${one}: ${other} / fsync pmem0:/f / flush pmem0`),
          other,
        ).toEqual([]);
  });
});

describe('two operations on the same bytes by other ways', () => {
  it.each([
    ['store pmem0:/f @2529 33', 'bio write pmem0 @2560 512'],
    ['zero-in-place pmem0:/f @16K 1', 'bio write pmem0 @16K 512'],
    ['bio write pmem0 @2560 512 fua', 'store pmem0:/f @2529 33'],
  ])('should leave what either wrote: %s, and meanwhile %s', (one, other) => {
    for (const boot of [before, after])
      expect(brokenBy(boot, `while ${one}: ${other} / fsync pmem0:/f / flush pmem0`)).toEqual([]);
  });

  it.each([
    'create pmem0:/f 1 mapped / while dax write pmem0:/f @4K iov 1: load pmem0:/f @0 1',
    'while dax write pmem0:/f @1M iov 1: dax write pmem0:/f @0 bvec 1',
    'punch pmem0:/f @66 20414 / while dax write pmem0:/f @16386 iov 1: dax write pmem0:/f @0 kvec 1',
  ])('should take no new block of the one for zeroed by the other: %s', (text) => {
    expect(brokenBy(after, `${text} / fsync pmem0:/f`)).toEqual([]);
  });

  it('should hold what ran inside to the model once, when it ran', () => {
    // The new block of /f is zeroed before its data, all of it inside the flush.
    const text =
      'create pmem0:/f 4M hole / store pmem0:/g @0 8 / while fsync pmem0:/g: dax write pmem0:/f @100 kvec 16 sync';
    expect(brokenBy(after, `boot adr clflushopt pmem0=8M / ${text}`)).toEqual([]);
  });
});

describe('a tree that does things in another order', () => {
  const KEEPS_WRITABLE = { file: 'fs/dax.ts', from: '  daxMappingEntryMkclean(space, index);\n', to: '' };

  it('should lose a store between the flush and the tag when it never write-protects', async () => {
    const boot = await mutants.load(KEEPS_WRITABLE);
    expect(brokenBy(boot, STORE_DURING_FSYNC)).toContain('lost 3 pmem0');
  });

  it('should lose it as well when it write-protects after the flush', async () => {
    const boot = await mutants.load(KEEPS_WRITABLE, {
      file: 'fs/dax.ts',
      from: "  radixTreeTagClear(space, index, 'dirty');\n",
      to: "  daxMappingEntryMkclean(space, index);\n  radixTreeTagClear(space, index, 'dirty');\n",
    });
    // In order and one after the other nothing is lost: only another task can show it.
    expect(
      waysOf(boot, parseWorkload(STORE_DURING_FSYNC.replace(/while (.*): (.*) \/ fsync/, '$2 / $1 / fsync'))),
    ).toBeUndefined();
    expect(brokenBy(boot, STORE_DURING_FSYNC)).toContain('lost 3 pmem0');
  });

  it('should lose it when the entry is not locked meanwhile', async () => {
    const boot = await mutants.load({
      file: 'fs/dax.ts',
      from: 'lockSlot(mapping, index, () => daxWritebackOne(kernel, disk, dax, mapping, index))',
      to: 'daxWritebackOne(kernel, disk, dax, mapping, index)',
    });
    expect(brokenBy(boot, STORE_DURING_FSYNC)).toContain('lost 3 pmem0');
  });
});
