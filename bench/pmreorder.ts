/**
 * The images that pmreorder's ReorderFull engine visits for seven stores before one fence, against the exact set. The
 * engine tries 13,700 orders. Its time here is that of applying them one after another in memory and noting each image,
 * as the emulation of `conform pmemcheck` does for stores to one word; for stores to separate lines that emulation
 * has a shortcut, so their orders are applied here. The real tool also writes a file and starts a checker for each
 * order: some 75 s (persistency.md 2.4). Ours is the time from the record to the number of images.
 */
import { exportLog } from '#recordings/pmemcheck/export-log.ts';
import { exactImages, visitedImages } from '#recordings/pmemcheck/gap.ts';
import type { StoreRecord } from '#recordings/pmemcheck/log-records.ts';
import { readLog } from '#recordings/pmemcheck/open-log.ts';
import { type Barrier, emulate } from '#recordings/pmemcheck/pmreorder.ts';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import { LINE_SIZE_BYTES, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { formatSeconds, medians } from './report.ts';

const STORES = 7;
const START = 2 ** 32;
const ADR = persistencySetting('adr');
const ENGINE = { engine: 'ReorderFull', markers: new Map(), withImages: true } as const;

export async function benchPmreorder(): Promise<string[]> {
  return [...(await benchStores('7 lines', LINE_SIZE_BYTES)), ...(await benchStores('1 word', 0))];
}

async function benchStores(name: string, strideBytes: number): Promise<string[]> {
  const machine = machineWithStores(strideBytes);
  const log = readLog(exportLog(machine.record, { ranges: machine.memory.ranges }), name);
  const [barrier] = emulate(log, ENGINE);
  if (barrier?.checks !== 13_700n)
    throw new Error(`ReorderFull makes ${barrier?.checks} checks of ${STORES} stores`);
  const covered = checkCovered(machine, barrier);
  const found = await medians({
    visit: strideBytes === 0 ? () => void emulate(log, ENGINE) : () => void imagesOfAllOrders(barrier.stores),
    exact: () => void crashHistory(machine, ADR).anywhere().count(),
  });
  const visit = found.get('visit') ?? 0;
  const exact = found.get('exact') ?? 0;
  return [
    `7 stores to ${name}: ReorderFull, 13,700 orders   ${formatSeconds(visit)}`,
    `  the exact set, ${covered} images of its among them   ${formatSeconds(exact)}`,
    `  ratio                                       1/${Math.round(visit / exact)} (target: under 1/1000)`,
  ];
}

/** How many images the engine visits; throws unless the exact set has them all. */
function checkCovered(machine: Machine, barrier: Barrier): number {
  const addresses = barrier.stores.flatMap(({ address }) =>
    Array.from({ length: WORD_SIZE_BYTES }, (_, index) => address + index),
  );
  const visited = visitedImages([barrier], addresses) ?? new Set<string>();
  const exact = exactImages(crashHistory(machine, ADR).anywhere(), addresses);
  const missing = [...visited].filter((image) => exact?.has(image) !== true).length;
  if (missing > 0 || visited.size === 0)
    throw new Error(`${missing} of ${visited.size} images are not in the exact set`);
  return visited.size;
}

/** Applies every sequence of any of `stores`, looks at the memory and puts back what was there, as the tool does. */
function imagesOfAllOrders(stores: readonly StoreRecord[]): Set<string> {
  const images = new Set<string>();
  const sequence: StoreRecord[] = [];
  const memory = Buffer.alloc(
    Math.max(...stores.map(({ address, bytes }) => address + bytes.length)) - START,
  );
  const visit = (rest: readonly StoreRecord[]): void => {
    const old = sequence.map(({ address, bytes }) => {
      const before = Uint8Array.from(memory.subarray(address - START, address - START + bytes.length));
      memory.set(bytes, address - START);
      return before;
    });
    images.add(memory.toString('latin1'));
    for (const [index, { address }] of [...sequence.entries()].reverse())
      memory.set(old[index] ?? [], address - START);
    for (const store of rest) {
      sequence.push(store);
      visit(rest.filter((other) => other !== store));
      sequence.pop();
    }
  };
  visit(stores);
  return images;
}

/** Seven stores `strideBytes` apart, all written back, one fence. */
function machineWithStores(strideBytes: number): Machine {
  const range = { name: 'pmem0', start: START, sizeBytes: 4096, kind: 'persistent' as const, modules: [] };
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [range],
    flushHints: [],
  });
  for (let store = 0; store < STORES; store++)
    machine.cpu.store(START + store * strideBytes, new Uint8Array(WORD_SIZE_BYTES).fill(store + 1));
  for (let line = 0; line < (strideBytes === 0 ? 1 : STORES); line++)
    machine.cpu.writeBack('clwb', START + line * LINE_SIZE_BYTES);
  machine.cpu.sfence();
  return machine;
}
