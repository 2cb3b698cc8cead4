/**
 * What the record engine costs: comparing two runs of 2^8192 images each by digest, reading a record and digesting
 * the set at every acknowledgement, and a run of a million single instructions.
 */
import { type CrashHistory, crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import { formatSeconds } from './report.ts';

const START = 2 ** 32;
const RANGE_SIZE_BYTES = 2 ** 26;
/** The part of the range that single instructions store to. */
const SPREAD_SIZE_BYTES = 2 ** 24;
const COPY_SIZE_BYTES = 4096;
const MEBIBYTE = 2 ** 20;
const ADR = persistencySetting('adr');

export function benchCrashImages(): string[] {
  return [...benchDigests(), ...benchEvents(), ...benchInstructions(), ...benchUnequal()];
}

/** Two 64 KiB copies of movnti that nothing has fenced yet. */
function benchDigests(): string[] {
  const [left, right] = [copies(16, false), copies(16, false)];
  const seconds = median(25, () => {
    const comparison = relate(crashHistory(left, ADR).anywhere(), crashHistory(right, ADR).anywhere());
    if (comparison.relation !== 'equal') throw new Error(`two equal runs are ${comparison.relation}`);
  });
  const exponent = crashHistory(left, ADR).anywhere().log2Count();
  return [
    `two runs of 2^${exponent} images, read, digested, compared  ${formatSeconds(seconds)} (target: under 25 ms)`,
  ];
}

/** One block write whose pages are fenced one by one on one side and not at all on the other: all that replay asks. */
function benchUnequal(): string[] {
  return [1, 8, 64].map((mebibytes) => {
    const [before, after] = [blockWrite(mebibytes, true), blockWrite(mebibytes, false)];
    const start = performance.now();
    const [left, right] = [crashHistory(before, ADR), crashHistory(after, ADR)];
    const relations = [
      relate(left.acked(0), right.acked(0)).relation,
      relate(left.inFlight(0), right.inFlight(0)).relation,
    ];
    const [lost] = right.acked(0).uncertainRanges();
    const seconds = (performance.now() - start) / 1000;
    if (relations.some((relation) => relation !== 'weaker') || lost === undefined)
      throw new Error(`without its fences a write is ${relations.join(' and ')}`);
    const target = { 1: 1, 8: 5, 64: 60 }[mebibytes];
    const name = `${mebibytes} MiB with and without fences, read, compared`.padEnd(50);
    return `${name}${formatSeconds(seconds)} (target: under ${target} s)`;
  });
}

function blockWrite(mebibytes: number, isFenced: boolean): Machine {
  const machine = copies((mebibytes * MEBIBYTE) / COPY_SIZE_BYTES, isFenced, false);
  machine.record.acknowledge(0);
  return machine;
}

/** 4 KiB copies of movnti, each fenced and acknowledged: 512 stores, a fence and a digest per epoch. */
function benchEvents(): string[] {
  const count = 4000;
  const machine = copies(count, true);
  const seconds = median(7, () => digestAcknowledgements(crashHistory(machine, ADR)));
  const millions = (count * 514) / seconds / 1e6;
  return [
    `recorded events, with a digest at each fence      ${millions.toFixed(1)} M/s (target: at least 20 M/s)`,
  ];
}

/** One million instructions, none of them in ranges: store or movnti, clwb, sfence, every fourth acknowledged. */
function benchInstructions(): string[] {
  const machine = singleInstructions(1_000_000);
  const seconds = median(3, () => digestAcknowledgements(crashHistory(machine, ADR)));
  const memory = process.memoryUsage().rss / MEBIBYTE;
  return [
    `10^6 instructions, a digest at each acknowledgement ${formatSeconds(seconds)} (target: under 5 s)`,
    `  memory of the process then                      ${memory.toFixed(0)} MiB (target: under 1024 MiB)`,
  ];
}

function digestAcknowledgements(history: CrashHistory): void {
  for (const index of history.acknowledgements.keys())
    if (history.acked(index).digest.length !== 32) throw new Error('a digest has 32 digits');
}

function copies(count: number, isFenced: boolean, isAcknowledged = isFenced): Machine {
  const machine = machineOf();
  const bytes = new Uint8Array(COPY_SIZE_BYTES);
  for (let copy = 0; copy < count; copy++) {
    for (let index = 0; index < bytes.length; index++) bytes[index] = ((index * 7 + copy * 13) % 255) + 1;
    const address = START + ((copy * COPY_SIZE_BYTES) % RANGE_SIZE_BYTES);
    machine.cpu.storeNonTemporalRange(address, bytes, 8);
    if (isFenced) machine.cpu.sfence();
    if (isAcknowledged) machine.record.acknowledge(copy);
  }
  return machine;
}

function singleInstructions(count: number): Machine {
  const machine = machineOf();
  const bytes = new Uint8Array(8);
  let random = 1;
  for (let round = 0; machine.record.length < count; round++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    const address = START + (random % (SPREAD_SIZE_BYTES / 8)) * 8;
    bytes.fill((round % 255) + 1);
    if (round % 3 === 0) machine.cpu.storeNonTemporal(address, bytes);
    else machine.cpu.store(address, bytes);
    machine.cpu.writeBack('clwb', address);
    machine.cpu.sfence();
    if (round % 4 === 0) machine.record.acknowledge(round);
  }
  return machine;
}

function machineOf(): Machine {
  const range = {
    name: 'pmem0',
    start: START,
    sizeBytes: RANGE_SIZE_BYTES,
    kind: 'persistent' as const,
    modules: [],
  };
  return powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [range],
    flushHints: [],
  });
}

/** Median seconds of `rounds` calls, after one that does not count. */
function median(rounds: number, work: () => void): number {
  work();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}
