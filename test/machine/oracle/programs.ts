/** Programs for comparing the closed form with the oracle, and the comparison itself. */
import { type Arbitrary, array, boolean, constant, constantFrom, record, tuple } from 'fast-check';
import { crashHistory, type PersistencySetting, persistencySetting } from '#machine/images/crash-images.ts';
import { type Explored, explore, type Rule } from './enumerate.ts';
import { LETTERS } from './program-tree.ts';
import { listImages, machineAfter, sameSet } from './sets.ts';

/** Every setting that can make a difference in its domain. */
export const SETTINGS: readonly (readonly [string, PersistencySetting])[] = [
  ['adr', persistencySetting('adr')],
  ['adr, write-back', persistencySetting('adr', { nonTemporalInDirtyLine: 'write-back' })],
  ['adr, flush covers non-temporal', persistencySetting('adr', { flushCoversNonTemporal: true })],
  ['adr, unordered strings', persistencySetting('adr', { stringStores: 'unordered' })],
  ['adr, amd clflush', persistencySetting('adr', { clflushOrdering: 'amd' })],
  ['eadr', persistencySetting('eadr')],
  ['eadr, flush covers non-temporal', persistencySetting('eadr', { flushCoversNonTemporal: true })],
  ['none', persistencySetting('none')],
];

/** Any combination of settings. */
export const anySetting: Arbitrary<PersistencySetting> = record({
  domain: constantFrom('none', 'adr', 'eadr'),
  nonTemporalInDirtyLine: constantFrom('independent', 'write-back'),
  flushCoversNonTemporal: boolean(),
  stringStores: constantFrom('ascending', 'unordered'),
  clflushOrdering: constantFrom('intel', 'amd'),
});

const SECOND_RANGE = 1 << 20;
const DRAM = 2 << 20;

/**
 * Programs with everything: byte-sized and unaligned stores into few words, strings, locked instructions, hints,
 * two persistent ranges, volatile memory, acknowledgements. Values repeat when `values` says so.
 */
export function anyProgram(maxLength: number, values: 'unique' | 'repeating' = 'unique'): Arbitrary<string> {
  const letters = LETTERS.map(({ text }) => text);
  const steps: string[] = [...letters, ...letters, ...letters];
  for (const address of [0, 8, 64, SECOND_RANGE]) {
    steps.push(`c${address}`, `n${address}`, `n${address}:4`, `n${address + 4}:4`, `c${address + 2}:1`);
    steps.push(`W${address}`, `L${address}:8`, `c${address + 4}:4`, `c${address + 1}:1*2`);
  }
  steps.push('c60', 's0:16', 's4:8', 's0:24', 's56:16', `L${DRAM}:8`, `F${DRAM}:8`, 'F0:8', 'O0', 'S', 'S');
  steps.push(`c${DRAM}`, `n${DRAM}`, 'H0', 'H8', 'H0 S', 'H8 S', 'A0', 'A0', 'A0');
  const step = constantFrom(...steps);
  const value = values === 'unique' ? constant('') : constantFrom('=00', '=01', '=01', '=02');
  return array(tuple(step, value), { minLength: 1, maxLength }).map((list) =>
    [...list.map(([text, bytes]) => withValue(text, bytes)), 'A0'].join(' '),
  );
}

function withValue(step: string, value: string): string {
  return /^[cnsL]/.test(step) ? step + value : step;
}

/** Says where the closed form and the machine differ on `trace`; undefined where they agree. */
export function mismatchOf(trace: string, setting: PersistencySetting, dropRule?: Rule): string | undefined {
  const history = crashHistory(machineAfter(trace, setting.domain), setting);
  const explored = explore(history.order.source, setting, dropRule);
  for (const [name, set, images] of crashPoints(history, explored)) {
    const listed = listImages(set, explored.wordAddresses);
    if (!sameSet(listed, images)) return `${trace}: ${name}: ${listed.size} instead of ${images.size} images`;
    if (set.count() !== BigInt(images.size))
      return `${trace}: ${name}: count ${set.count()}, not ${images.size}`;
  }
  return undefined;
}

type Point = readonly [string, ReturnType<ReturnType<typeof crashHistory>['anywhere']>, ReadonlySet<string>];

/** Each crash point of a history with the images that the oracle found for it. */
export function crashPoints(history: ReturnType<typeof crashHistory>, explored: Explored): Point[] {
  return [
    ['anywhere', history.anywhere(), explored.anywhere],
    ...explored.acked.map((images, index): Point => [`acked ${index}`, history.acked(index), images]),
    ...explored.inFlight.map((images, index): Point => [
      `in flight ${index}`,
      history.inFlight(index),
      images,
    ]),
  ];
}
