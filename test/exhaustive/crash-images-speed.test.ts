/** How fast records are read, digested and compared. Prints what it measures; the limits leave room for a busy machine. */
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import type { Machine } from '#machine/hardware/machine.ts';
import { BASE, machineAfter } from '../machine/oracle/sets.ts';

const ADR = persistencySetting('adr');
const MEBIBYTE = 1 << 20;

/** The best of several runs of `work`, in milliseconds: other work on the machine only ever adds time. */
function bestMilliseconds(work: () => void, runs = 9): number {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function millions(events: number, milliseconds: number): string {
  return (events / milliseconds / 1000).toFixed(1);
}

function copies(count: number, isFenced: boolean): Machine {
  const machine = machineAfter('');
  for (let index = 0; index < count; index++) {
    const bytes = new Uint8Array(4096).map((_, at) => ((at * 7 + index * 13) % 255) + 1);
    machine.cpu.storeNonTemporalRange(BASE + (index % 200) * 4096, bytes, 8);
    if (isFenced) machine.cpu.sfence();
    if (isFenced) machine.record.acknowledge(index);
  }
  return machine;
}

describe('speed', () => {
  it('compares two 64 KiB copies of 2^8192 images each', () => {
    const [left, right] = [copies(16, false), copies(16, false)];
    const time = bestMilliseconds(() => {
      const sets = [left, right].map((machine) => crashHistory(machine, ADR).anywhere());
      expect(relate(sets[0]!, sets[1]!).relation).toBe('equal');
    });
    console.log(`64 KiB, digests and comparison: ${time.toFixed(1)} ms`);
    expect(time).toBeLessThan(75);
    const [whole, fenced] = [left, copies(16, true)].map((machine) => crashHistory(machine, ADR).anywhere());
    const exact = bestMilliseconds(() => relate(whole!, fenced!), 3);
    console.log(`64 KiB, unequal sets: ${exact.toFixed(1)} ms`);
  });

  it('compares a large write that is fenced page by page with one that is not', () => {
    const [fenced, whole] = [true, false].map((isFenced) => {
      const machine = copies(200, isFenced);
      machine.record.acknowledge(200);
      return machine;
    });
    const time = bestMilliseconds(() => {
      const [left, right] = [fenced!, whole!].map((machine) => crashHistory(machine, ADR));
      const last = (history: typeof left) => history!.acked(history!.acknowledgements.length - 1);
      expect(relate(last(left), last(right)).relation).toBe('weaker');
      expect(relate(left!.anywhere(), right!.anywhere()).relation).toBe('weaker');
    }, 3);
    console.log(`800 KiB with and without fences: ${time.toFixed(0)} ms`);
    expect(time).toBeLessThan(1500);
  });

  it('reads and digests single events', () => {
    const count = 4000;
    const machine = copies(count, true);
    const time = bestMilliseconds(() => {
      const history = crashHistory(machine, ADR);
      for (let index = 0; index < count; index++) expect(history.acked(index).digest).toHaveLength(32);
    });
    const reading = bestMilliseconds(() => void crashHistory(machine, ADR));
    const history = crashHistory(machine, ADR);
    const inFlight = bestMilliseconds(() => {
      for (let index = 0; index < 400; index++) void history.inFlight(index).digest;
    });
    console.log(`million single events/s: read ${millions(count * 512, reading)}`);
    console.log(`read and digest every acknowledgement ${millions(count * 512, time)}`);
    console.log(`digest in-flight sets ${millions(400 * 512, inFlight)}`);
    expect((count * 512) / time / 1000).toBeGreaterThan(3);
  });

  it('reads a record of a million entries within time and memory', () => {
    const machine = machineAfter('');
    let random = 1;
    for (let index = 0; machine.record.length < 1_000_000; index++) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      const address = BASE + (random % (1 << 17)) * 8;
      machine.cpu.store(address, new Uint8Array(8).fill((index % 255) + 1));
      machine.cpu.writeBack('clwb', address);
      machine.cpu.sfence();
      if (index % 4 === 0) machine.record.acknowledge(index);
    }
    const time = bestMilliseconds(() => {
      const history = crashHistory(machine, ADR);
      for (const index of history.acknowledgements.keys()) void history.acked(index).digest;
    }, 2);
    const memory = process.memoryUsage().rss / MEBIBYTE;
    console.log(`10^6 entries, every acknowledgement: ${time.toFixed(0)} ms, ${memory.toFixed(0)} MiB`);
    expect(time).toBeLessThan(5_000);
    expect(memory).toBeLessThan(1024);
  });
});
