/** Records of many copies, and of a million instructions: what is said of them. How fast, `npm run bench` says. */
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import type { Machine } from '#machine/hardware/machine.ts';
import { BASE, machineAfter } from '../machine/oracle/sets.ts';

const ADR = persistencySetting('adr');
const MEBIBYTE = 1 << 20;

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

describe('large records', () => {
  it('should tell that two 64 KiB copies of 2^8192 images each are equal', () => {
    const [left, right] = [copies(16, false), copies(16, false)].map((machine) => crashHistory(machine, ADR));
    expect(left!.anywhere().log2Count()).toBe(8192);
    expect(relate(left!.anywhere(), right!.anywhere()).relation).toBe('equal');
  });

  it('should tell that a write of 800 KiB is weaker without its fences', () => {
    const [fenced, whole] = [true, false].map((isFenced) => {
      const machine = copies(200, isFenced);
      machine.record.acknowledge(200);
      return crashHistory(machine, ADR);
    });
    const last = (history: typeof fenced) => history!.acked(history!.acknowledgements.length - 1);
    expect(relate(last(fenced), last(whole)).relation).toBe('weaker');
    expect(relate(fenced!.anywhere(), whole!.anywhere()).relation).toBe('weaker');
  });

  it('should digest every acknowledgement of 2,000,000 events', () => {
    const history = crashHistory(copies(4000, true), ADR);
    const digests = new Set(history.acknowledgements.map((_, index) => history.acked(index).digest));
    // The copies go round 200 places; what a place holds repeats after 255 copies, so all states differ.
    expect(digests.size).toBe(4000);
  });

  it('should read a million single instructions within a gibibyte', () => {
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
    const history = crashHistory(machine, ADR);
    for (const index of history.acknowledgements.keys()) expect(history.acked(index).digest).toHaveLength(32);
    expect(process.memoryUsage().rss / MEBIBYTE).toBeLessThan(1024);
  });
});
