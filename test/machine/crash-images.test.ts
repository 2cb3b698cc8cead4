import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting, type PersistencySetting } from '#machine/crash-images.ts';
import { explore } from './oracle/enumerate.ts';
import { listImages, machineAfter, sameSet } from './oracle/sets.ts';

const ALPHABET = ['c0', 'c8', 'c64', 'n0', 'n8', 'n64', 'X0', 'X64', 'W0', 'W64', 'S', 'M'];

/** Programs in which word 8 does not come before word 0: the two are interchangeable. */
export function* programs(length: number, alphabet: readonly string[]): Generator<string[]> {
  if (length === 0) return yield [];
  for (const program of programs(length - 1, alphabet)) {
    for (const step of alphabet) {
      if (/^[cn]8/.test(step) && !program.some((other) => /^[cn]0/.test(other))) continue;
      yield [...program, step];
    }
  }
}

export function mismatchOf(trace: string, setting: PersistencySetting): string | undefined {
  const machine = machineAfter(trace, setting.domain);
  const history = crashHistory(machine, setting);
  const explored = explore(history.order.source, setting);
  const pairs = [
    ['anywhere', history.anywhere(), explored.anywhere],
    ...explored.acked.map((images, index) => [`acked ${index}`, history.acked(index), images] as const),
    ...explored.inFlight.map(
      (images, index) => [`in flight ${index}`, history.inFlight(index), images] as const,
    ),
  ] as const;
  for (const [name, set, images] of pairs) {
    const listed = listImages(set, explored.wordAddresses);
    if (!sameSet(listed, images)) return `${trace}: ${name}: ${listed.size} instead of ${images.size} images`;
    if (set.count() !== BigInt(images.size))
      return `${trace}: ${name}: count ${set.count()}, not ${images.size}`;
  }
  return undefined;
}

const SETTINGS: readonly [string, PersistencySetting][] = [
  ['adr', persistencySetting('adr')],
  ['adr, write-back', persistencySetting('adr', { nonTemporalInDirtyLine: 'write-back' })],
  ['adr, flush covers non-temporal', persistencySetting('adr', { flushCoversNonTemporal: true })],
  ['adr, amd clflush', persistencySetting('adr', { clflushOrdering: 'amd' })],
  ['eadr', persistencySetting('eadr')],
  ['none', persistencySetting('none')],
];

describe('the closed form equals the machine', () => {
  for (const [name, setting] of SETTINGS) {
    it(`on every program of up to 3 instructions: ${name}`, () => {
      const mismatches: string[] = [];
      let count = 0;
      for (let length = 1; length <= Number(process.env['LEN'] ?? 3); length++) {
        for (const program of programs(length, ALPHABET)) {
          count++;
          const mismatch = mismatchOf([...program, 'A0'].join(' '), setting);
          if (mismatch !== undefined) mismatches.push(mismatch);
        }
      }
      expect(mismatches.slice(0, 10)).toEqual([]);
    });
  }
});
