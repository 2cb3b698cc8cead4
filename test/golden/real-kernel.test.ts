/**
 * What a whole real kernel (Linux 6.1) stored, event by event, against the model (golden/data/real-kernel). `after/`
 * must give each list exactly; `before/` where 6.1 shares it with step 0: user writes of one segment, mapped stores,
 * write-back, flushes, and the absence of stores. `REASONS` lists what cannot be compared and why.
 */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../after/index.ts';
import { boot as bootBefore } from '../../before/index.ts';
import { goldenText } from './shared.ts';
import { type GoldenOperation, workloadOf, reasonNotComparable, sharedWithStepZero } from './real-kernel.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { sameEvents } from '#pmem/run/events.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';

const operations: GoldenOperation[] = goldenText('real-kernel/linux-6.1-traces.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenOperation);

/** The events of the last operations of a workload, relative to the first pmem device or to the page it wrote. */
function eventsOf(
  boot: Boot,
  workload: string,
  base: number,
  count: number,
): { events: string[]; returned: number } {
  const run = runWorkload(boot, parseWorkload(workload));
  const last = run.outcomes.at(-1);
  const life = run.lives.at(-1);
  if (last === undefined || life === undefined) throw new Error('nothing ran');
  const start = life.subsystem.memory[0]?.start ?? 0;
  const { record } = life.subsystem.machine;
  const first = run.outcomes.at(-count) ?? last;
  const texts = formatEntries(record, first.entries.from, last.entries.to, start + base);
  return { events: texts.filter((text) => !text.startsWith('A')), returned: first.result.returned };
}

describe('what a real kernel stored', () => {
  const comparable = operations.filter((operation) => reasonNotComparable(operation) === undefined);

  it(`should be comparable for nearly all of the ${operations.length} operations, the others with a reason`, () => {
    expect(comparable.length).toBeGreaterThan(600);
  });

  for (const [side, boot] of [
    ['after', bootAfter],
    ['before', bootBefore],
  ] as const) {
    const expected = comparable.filter((operation) => side === 'after' || sharedWithStepZero(operation));
    it(`should be stored by ${side}/ too, event by event, in ${expected.length} operations`, () => {
      const wrong: unknown[] = [];
      for (const operation of expected) {
        const { workload, base, last } = workloadOf(operation);
        const { events, returned } = eventsOf(boot, workload, base, last);
        const wanted = operation.errno === undefined ? operation.returned : -operation.errno;
        const same = sameEvents(events, operation.events);
        if (!same || returned !== wanted) {
          wrong.push({
            id: operation.id,
            workload,
            events,
            expected: operation.events,
            returned,
            wanted: operation.returned,
          });
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});
