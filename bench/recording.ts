/** What recording costs: 4 KiB of movnti and a fence against a plain copy of the same bytes. */
import { powerOn } from '#machine/hardware/machine.ts';
import { formatSeconds, medians } from './report.ts';

const COPIES = 256;

export async function benchRecording(): Promise<string[]> {
  const range = {
    name: 'pmem0',
    start: 2 ** 32,
    sizeBytes: 2 ** 20,
    kind: 'persistent' as const,
    modules: [],
  };
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [range],
    flushHints: [],
  });
  const source = new Uint8Array(4096).fill(7);
  const target = new Uint8Array(2 ** 20);
  const found = await medians({
    plain: () => {
      for (let copy = 0; copy < COPIES; copy++) target.set(source, copy * 4096);
    },
    recorded: () => {
      machine.record.clear();
      for (let copy = 0; copy < COPIES; copy++) {
        machine.cpu.storeNonTemporalRange(2 ** 32 + copy * 4096, source, 8);
        machine.cpu.sfence();
      }
    },
  });
  const plain = (found.get('plain') ?? 0) / COPIES;
  const recorded = (found.get('recorded') ?? 0) / COPIES;
  return [
    `4 KiB Uint8Array.set               ${formatSeconds(plain)}`,
    `4 KiB movnti + sfence, recorded    ${formatSeconds(recorded)}`,
    `ratio                              ${(recorded / plain).toFixed(2)} (target: at most 8)`,
  ];
}
