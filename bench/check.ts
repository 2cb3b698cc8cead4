/**
 * npm run bench -- --check: is anything slower than it was? Each task is measured in turn with a fixed piece of plain work, again and again;
 * what is compared with the stored baseline are medians of ratios of processor time, which hardly depend on what else the machine does.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '#base/own-package.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import { runTest } from '#machine/litmus/verdicts.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { loadTree } from '#pmem/load-tree.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { readLog } from '#recordings/pmemcheck/open-log.ts';
import { median } from './report.ts';

/** Median time of each task in units of the plain work. */
export type Ratios = Readonly<Record<string, number>>;

/** A task may take so many times its share of the baseline. Medians of interleaved runs differed by less on busy machines. */
export const ALLOWED = 1.8;

const ROUNDS = 25;
const BASELINE = join(packageFolder, 'bench', 'baseline.json');

type Tasks = Readonly<Record<string, () => void>>;

/** Plain work: integers, a map, bytes. */
function plainWork(): void {
  const counts = new Map<number, number>();
  const bytes = new Uint8Array(1 << 16);
  let random = 1;
  for (let index = 0; index < 150_000; index++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    bytes[random & 0xffff] = random >>> 24;
    counts.set(random & 0xfff, (counts.get(random & 0xfff) ?? 0) + (bytes[index & 0xffff] ?? 0));
  }
  if (counts.size === 0) throw new Error('nothing was counted');
}

const MACHINE: Parameters<typeof powerOn>[0] = {
  domain: 'adr',
  features: { clwb: true, clflushopt: true },
  ranges: [{ name: 'pmem0', start: 0, sizeBytes: 1 << 20, kind: 'persistent', modules: ['dimm0'] }],
  flushHints: [],
};

async function tasks(): Promise<Tasks> {
  const setting = persistencySetting('adr');
  const machine = powerOn(MACHINE);
  for (let page = 0; page < 16; page++) {
    const bytes = new Uint8Array(4096).map((_, at) => ((at * 7 + page * 13) % 255) + 1);
    machine.cpu.storeNonTemporalRange(page * 4096, bytes, 8);
    machine.record.acknowledge(page);
  }
  const single = powerOn(MACHINE);
  for (let index = 0; index < 20_000; index++) {
    const address = ((index * 7919) % (1 << 16)) * 8;
    single.cpu.store(address, new Uint8Array(8).fill((index % 255) + 1));
    single.cpu.writeBack('clwb', address);
    single.cpu.sfence();
    if (index % 4 === 0) single.record.acknowledge(index);
  }
  const boot = await loadTree(join(packageFolder, 'after'));
  const workload = parseWorkload('dax write pmem0:/f @62 iov 4000\nfsync pmem0:/f');
  const log = `START|REGISTER_FILE;img;0x1000;0x10000;0x0|${'STORE;0x1000;0x1;0x8|FLUSH;0x1000;0x40|FENCE|'.repeat(5000)}STOP\n`;
  const long = `test: T\nprogram: ${'x=1; '.repeat(20_000)}\n`;
  const tests = parseLitmusFile('test: T\nprogram: x=1; y=1; FO x; z=1; SF; w=1\n', 'file');
  return {
    'read and compare 64 KiB of movnti': () => {
      const [left, right] = [crashHistory(machine, setting), crashHistory(machine, setting)];
      relate(left.anywhere(), right.anywhere());
    },
    'digest 5,000 acknowledgements of 65,000 instructions': () => {
      const history = crashHistory(single, setting);
      for (const index of history.acknowledgements.keys()) void history.acked(index).digest;
    },
    'run a workload on a tree 20 times': () => {
      for (let run = 0; run < 20; run++) runWorkload(boot, workload);
    },
    'read 15,000 records of pmemcheck': () => void readLog(log, 'log'),
    'refuse a litmus program of 20,000 instructions': () => {
      try {
        parseLitmusFile(long, 'file');
      } catch {
        // That is what it is for.
      }
    },
    'explore a litmus test 50 times': () => {
      for (let run = 0; run < 50; run++) for (const test of tests) runTest(test);
    },
  };
}

/** Measures tasks and plain work in turn. `now` in milliseconds. */
export function ratiosOf(all: Tasks, plain: () => void, rounds: number, now: () => number): Ratios {
  const timed = (work: () => void): number => {
    const start = now();
    work();
    return now() - start;
  };
  const entries = Object.entries(all);
  // Once before it counts: what is compiled, is.
  for (const work of [plain, ...Object.values(all)]) work();
  const ratios = entries.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, [, work]] of entries.entries()) {
      const unit = timed(plain);
      ratios[index]?.push(timed(work) / unit);
    }
  return Object.fromEntries(entries.map(([name], index) => [name, median(ratios[index] ?? [])]));
}

/** What is wrong with ratios beside those of the baseline, a line each. */
export function regressions(now: Ratios, baseline: Ratios): string[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(baseline)])];
  return names.flatMap((name) => {
    const [is, was] = [now[name], baseline[name]];
    if (was === undefined) return [`${name}: not in the baseline`];
    if (is === undefined) return [`${name}: in the baseline, and no longer measured`];
    return is > was * ALLOWED ? [`${name}: ${(is / was).toFixed(2)} times as slow as it was`] : [];
  });
}

/** Compares with the baseline, or writes it. Returns the exit code. */
export async function checkBench(isUpdate: boolean): Promise<number> {
  const now = ratiosOf(await tasks(), plainWork, ROUNDS, () => process.cpuUsage().user / 1000);
  const lines = Object.entries(now).map(([name, ratio]) => `${ratio.toFixed(2).padStart(8)}  ${name}\n`);
  process.stdout.write(`Times in units of plain work, medians of ${ROUNDS} rounds\n${lines.join('')}`);
  if (isUpdate) {
    const rounded = Object.entries(now).map(([name, ratio]) => [name, Number(ratio.toPrecision(3))]);
    writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
    return 0;
  }
  const wrong = regressions(now, JSON.parse(readFileSync(BASELINE, 'utf8')) as Ratios);
  process.stdout.write(wrong.length === 0 ? 'nothing is slower than it was\n' : `${wrong.join('\n')}\n`);
  return wrong.length === 0 ? 0 : 1;
}
