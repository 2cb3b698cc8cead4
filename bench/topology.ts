/** Both buses of the regression suite's mock, booted, and a thousand operations of all kinds on their disks. */
import { boot as after } from '../after/index.ts';
import { boot as before } from '../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';

/** Gives two ranges namespaces and one dimm a BTT behind its block windows. */
const PREPARATION = [
  'create-namespace region5 18M raw',
  'create-namespace region6 20M raw',
  'create-namespace region2 18M sector 4096 btt 4096',
];

/** Twenty operations; those on places take another page each round. */
function mix(round: number): string[] {
  const page = round * 4096;
  return [
    `bio write pmem5 @${page} 4096`,
    `bio read pmem5 @${page} 4096`,
    `bio write pmem6 @${page} 512,512,3072 fua`,
    `bio write pmem6 @${page} 4096 preflush`,
    `page write pmem6 @${page}`,
    `bio write ndblk2.0s @${page} 4096`,
    `bio read ndblk2.0s @${page} 4096`,
    `dax write pmem5:/f @${page + 5} iov 100,61`,
    `dax write pmem5:/f @${page + 1024} kvec 2048`,
    `dax read pmem5:/f @${page} iov 512`,
    `store pmem5:/f @${page + 3072} 8`,
    `load pmem5:/f @${page + 3072} 8`,
    `fsync pmem5:/f`,
    `punch pmem5:/f @${page + 100} 50`,
    'flush pmem5',
    `sysfs write pmem6/badblocks "${20000 + round} 1"`,
    'sysfs read pmem6/badblocks',
    'sysfs read /sys/bus/nd/devices/region5/available_size',
    'sysfs read pmem5/queue/write_cache',
    `pid ${round + 1}`,
  ];
}

function operationsOf(): readonly Operation[] {
  const lines = [...PREPARATION, ...Array.from({ length: 50 }, (_, round) => mix(round)).flat()];
  return parseWorkload(lines.join('\n')).steps.map(({ operation }) => operation as Operation);
}

const ROUNDS = 21;

/** Milliseconds that `boot` needs for the topology and all operations: the first time, and the median. */
function timesOf(boot: typeof before): { readonly first: number; readonly median: number } {
  const { boot: configuration } = parseWorkload('boot adr clwb nfit=mock0 nfit=mock1\nflush pmem5');
  const operations = operationsOf();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    const subsystem = boot(configuration);
    for (const [index, operation] of operations.entries()) {
      const { returned, oops } = subsystem.perform(operation, index);
      if (oops !== undefined || returned < 0) throw new Error(`${operation.kind}: ${oops ?? returned}`);
    }
    return performance.now() - start;
  });
  const sorted = times.toSorted((left, right) => left - right);
  return { first: times[0] ?? 0, median: sorted[Math.floor(ROUNDS / 2)] ?? 0 };
}

export function benchTopology(): string[] {
  return (['before', 'after'] as const).map((side) => {
    const { first, median } = timesOf(side === 'before' ? before : after);
    const what = `mock topology and ${operationsOf().length} operations, ${side}/`;
    return `${what.padEnd(52)}${median.toFixed(0)} ms, first time ${first.toFixed(0)} ms (target: under 100 ms)`;
  });
}
