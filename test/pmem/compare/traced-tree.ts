/** Trees that do nothing but issue the instructions they are told to, one trace an operation: for tests of comparisons. */
import { powerOn } from '#machine/hardware/machine.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { type Run, runWorkload } from '#pmem/run/run.ts';
import type { Workload } from '#pmem/language/workload.ts';

const START = 1 << 20;

/** A workload whose operations have texts to be named by. */
export const WORKLOAD: Workload = parseWorkload(
  'store pmem0:/f @0 8\nstore pmem0:/f @8 8\nfsync pmem0:/f\nstore pmem0:/f @16 8',
);

/** A run of as many operations of `WORKLOAD` as there are traces; places of a trace are those of pmem0. */
export function traced(...traces: readonly string[]): Run {
  const boot = (): ReturnType<Parameters<typeof runWorkload>[0]> => {
    const range = {
      name: 'pmem0',
      start: START,
      sizeBytes: 1 << 20,
      kind: 'persistent',
      modules: [],
    } as const;
    const machine = powerOn({
      domain: 'adr',
      features: { clwb: true, clflushopt: true },
      ranges: [range],
      flushHints: [],
    });
    return {
      machine,
      log: [],
      memory: [{ disk: 'pmem0', start: START, sizeBytes: 1 << 20 }],
      perform(_, index) {
        runTrace(machine.cpu, traces[index] ?? '', START);
        machine.record.acknowledge(index);
        return { returned: 0 };
      },
      watch: () => {},
      surroundings: () => ({ places: [], files: [], poisonedCells: [] }),
      carriedOver: () => {
        throw new Error('no power failure in these tests');
      },
    };
  };
  return runWorkload(boot, { ...WORKLOAD, steps: WORKLOAD.steps.slice(0, traces.length) });
}
