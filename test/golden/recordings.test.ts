/**
 * Recordings of small real programs, made with another recorder: relations and smallest images as `expected.json` argues them
 * from the programs' sources (kept beside the recordings in the facts of the project), and files that must be refused.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { compareRecordings } from '#recordings/compare/compare-recordings.ts';
import type { Compared } from '#recordings/compare/compared.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import { rootFolder } from '../support/project.ts';

const folder = join(rootFolder, 'test/golden/data/recordings');

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly relation: string;
}
interface Pair {
  readonly before: string;
  readonly after: string;
  readonly acknowledgements: number;
  readonly onlyAfterHas?: number;
  readonly acknowledged: readonly Stretch[];
  readonly inFlight: readonly Stretch[] | null;
  readonly smallest?: { readonly acknowledgement: number; readonly offset: number; readonly bytes: number };
  readonly initial?: string;
  readonly regions?: readonly {
    readonly from: number;
    readonly bytes: number;
    readonly acknowledged: readonly Stretch[];
  }[];
}
const { pairs } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  pairs: readonly Pair[];
};

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'recordings-'));
  writeFileSync(join(scratch, 'tx-pool.img'), gunzipSync(readFileSync(join(folder, 'tx-pool.img.gz'))));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const unrolled = (stretches: readonly Stretch[]): string[] =>
  stretches.flatMap(({ from, to, relation }) => Array.from({ length: to - from + 1 }, () => relation));

async function compare(pair: Pair, regions?: readonly string[]): Promise<Compared> {
  const before = await openRecording(join(folder, pair.before));
  const after = await openRecording(join(folder, pair.after));
  const initial = pair.initial === undefined ? [] : [join(scratch, 'tx-pool.img')];
  return compareRecordings(before, after, { setting: persistencySetting('adr'), regions, initial });
}

describe('golden recordings', () => {
  for (const pair of pairs)
    it(`should compare as their sources say: ${pair.before} and ${pair.after}`, async () => {
      const { acknowledgements, alignment, difference } = await compare(pair);
      expect(acknowledgements.length).toBe(pair.acknowledgements);
      expect(alignment.onlyAfter.length).toBe(pair.onlyAfterHas ?? 0);
      expect(acknowledgements.map(({ acknowledged }) => acknowledged)).toEqual(unrolled(pair.acknowledged));
      if (pair.inFlight !== null)
        expect(acknowledgements.map(({ inFlight }) => inFlight)).toEqual(unrolled(pair.inFlight));
      if (pair.smallest === undefined) return;
      const words = difference?.witness.words ?? [];
      expect(difference?.label).toBe(acknowledgements[pair.smallest.acknowledgement]?.label);
      expect([words[0]?.address, words.length * 8]).toEqual([pair.smallest.offset, pair.smallest.bytes]);
      // "zeros, as before the first operation"
      for (const { after } of words) expect([...after]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    });

  it('should compare nothing but a region where one is given', async () => {
    const [pair] = pairs.filter(({ regions }) => regions !== undefined);
    for (const { from, bytes, acknowledged } of pair?.regions ?? []) {
      const { acknowledgements } = await compare(pair!, [`x.img:${from}:${bytes}`]);
      expect(acknowledgements.map((one) => one.acknowledged)).toEqual(unrolled(acknowledged));
    }
  });
});

describe('malformed recordings', () => {
  const reasons: Readonly<Record<string, RegExp>> = {
    'count.jsonl': /line 41: the end line counts 33 events, found 32/,
    'half-line.jsonl': /line 21: the file ends in the middle of a line/,
    'lost.jsonl': /line 24: the recorder lost sight of the program/,
    'no-end.jsonl': /line 42: expected an end line/,
    'no-header.jsonl': /line 1: expected a recording line first/,
    'no-stores.jsonl': /nothing was stored/,
    'odd-hex.jsonl': /line 4: "d": expected an even number of hexadecimal digits/,
    'outside.jsonl': /line 4: a store of 64 bytes at byte 65532 of x.img, outside every mapping/,
    'unit.jsonl': /line 4: expected bytes in units of 5, found 64 bytes/,
    'unknown-file.jsonl': /line 4: a store of 64 bytes to file 1, which was never mapped/,
    'version.jsonl': /line 1: expected version 1, found '2'/,
  };
  for (const [file, reason] of Object.entries(reasons))
    it(`should be refused by line: ${file}`, () =>
      expect(openRecording(join(folder, 'errors', file))).rejects.toThrow(reason));

  it('should be compared at any time only, where nothing is acknowledged', async () => {
    const path = join(folder, 'errors/no-acks.jsonl');
    const [before, after] = [await openRecording(path), await openRecording(path)];
    const setting = persistencySetting('adr');
    expect(() => compareRecordings(before, after, { setting })).toThrow(/acknowledges anything\n {2}mark/);
    expect(compareRecordings(before, after, { setting, anyTime: true }).anyTime).toBe('equal');
  });

  it('should all be in this list', () =>
    expect(
      readdirSync(join(folder, 'errors'))
        .filter((name) => name.endsWith('.jsonl'))
        .sort(),
    ).toEqual([...Object.keys(reasons), 'no-acks.jsonl'].sort()));
});
