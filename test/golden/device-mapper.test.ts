/**
 * dm-stripe and dm-linear over two members, and the write-cache switch, against a real kernel, event by event
 * (golden/data/real-kernel/linux-6.1-btt-dm-switches.jsonl; the first member is pmem4 there, the second pmem2).
 */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../after/index.ts';
import { boot as bootBefore } from '../../before/index.ts';
import { goldenText } from './shared.ts';
import { reasonNotCompared, type SwitchOperation, switchWorkload } from './device-mapper.ts';
import { sharedWithStepZero } from './real-kernel.ts';
import { eventsOf, sameEvents } from '#pmem/run/events.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { type Boot, runWorkload } from '#pmem/run/run.ts';

const operations = goldenText('real-kernel/linux-6.1-btt-dm-switches.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SwitchOperation);

const compared = operations.filter((operation) => reasonNotCompared(operation) === undefined);

/** The events of an operation on one side, with the members' real names. */
function modelEvents(boot: Boot, operation: SwitchOperation): string[] {
  const { workload, count } = switchWorkload(operation);
  const run = runWorkload(boot, parseWorkload(workload));
  const events = run.outcomes.slice(-count).flatMap((outcome) => eventsOf(run, outcome));
  return events.map((event) => event.replace('pmem0@', 'pmem4@').replace('pmem1@', 'pmem2@'));
}

describe('device-mapper and the write-cache switch of a real kernel', () => {
  it.each([
    ['after', bootAfter],
    ['before', bootBefore],
  ] as const)('should be reproduced by %s/, event by event', (side, boot) => {
    const wanted = compared.filter((operation) => side === 'after' || sharedWithStepZero(operation));
    expect(wanted.length).toBeGreaterThan(side === 'after' ? 75 : 50);
    const wrong = wanted.flatMap((operation) => {
      const events = modelEvents(boot, operation);
      if (sameEvents(events, operation.events)) return [];
      return [{ id: operation.id, op: operation.op, events, expected: operation.events }];
    });
    expect(wrong).toEqual([]);
  });
});
