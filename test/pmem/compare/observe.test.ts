/** Observed differences say what was and what is in different words whenever the image sets differ. */
import { describe, expect, it } from 'vitest';
import { observe } from '#pmem/compare/observe.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { traced, WORKLOAD } from './traced-tree.ts';
import { isThorough, share } from '../../support/thorough.ts';

describe('an observed difference of images', () => {
  it('should show what may be lost while an operation runs, not what may be once it has returned', () => {
    // Once fenced nothing may be lost on either side; while the operation runs both words, or the first one alone.
    const [seen] = observe(WORKLOAD, traced('n0=10 S n8=11 S'), traced('n0=10 S'));
    expect(seen).toMatchObject({ dimension: 'acked' });
    const [, running] = observe(WORKLOAD, traced('n0=10 S n8=11 S'), traced('n0=10 S'));
    expect(running).toMatchObject({
      dimension: 'in-flight',
      before: 'may lose pmem0:0-15',
      after: 'may lose pmem0:0-7',
    });
  });

  it('should show a word that differs when the same bytes may be lost', () => {
    const [seen, ...more] = observe(WORKLOAD, traced('n0=10 n64=11 S'), traced('n0=10 S n64=11 S'));
    expect(seen).toMatchObject({
      dimension: 'in-flight',
      relation: 'stronger',
      before: 'may lose pmem0:0-7,64-71; may leave pmem0:0-7 00 00 00 00 00 00 00 00',
      after: 'may lose pmem0:0-7,64-71; then leaves pmem0:0-7 10 10 10 10 10 10 10 10',
    });
    expect(more.map(({ dimension }) => dimension)).toEqual(['cost']);
  });

  it('should never say the same of both sides, over the whole suite', () => {
    const alike = share(suiteScenarios(), 10).flatMap(({ name, workload: text }) => {
      const workload = parseWorkload(text);
      const seen = observe(workload, runWorkload(before, workload), runWorkload(after, workload));
      return seen
        .filter((one) => ['acked', 'in-flight'].includes(one.dimension))
        .map((one) => ({ ...one, name }));
    });
    expect(alike.length).toBeGreaterThan(isThorough ? 50 : 5);
    expect(alike.filter((one) => one.before === one.after).map(({ name }) => name)).toEqual([]);
  });
});
