/** Scenarios of several CPUs on both sides, and the boxes held to the explorer and to the record engine. */
import { describe, expect, it } from 'vitest';
import { boot as after } from '../../../after/index.ts';
import { boot as before } from '../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { threadLines } from '#pmem/report/threads.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { threadScenarioResults, threadScenarios } from '#pmem/scenarios/threads.ts';
import { imageText, runThreadScenarios, runThreads } from '#pmem/run/threads.ts';
import { explore } from '#machine/litmus/explorer.ts';

const [, , , edges] = threadScenarios;

describe('threads on before/ and after/', () => {
  for (const result of threadScenarioResults({ before, after })) {
    it(`should be as the facts say: ${result.scenario.name}`, () => {
      expect(result.mismatches).toEqual([]);
    });
  }

  it('should show an image that only before allows', () => {
    const [result] = runThreadScenarios({ before, after }, edges === undefined ? [] : [edges]);
    const point = result?.points.find((candidate) => candidate.point === 'all returned');
    expect(point?.onlyBefore?.split(' ').map((piece) => piece.split('=')[0])).toEqual([
      // The segments of 4 and 12 bytes at 0 and at 16, without the cached heads of the second ones (4-7 and 20-23).
      'pmem0:0-3',
      'pmem0:8-15',
      'pmem0:16-19',
      'pmem0:24-31',
    ]);
    expect(point?.onlyAfter).toBeUndefined();
  });

  it('should say where a run is not as expected', () => {
    const wrong = { ...threadScenarios[1], expected: { 'all returned': ['weaker', 1, 2] } } as const;
    const results = runThreadScenarios({ before, after }, [wrong as never]);
    const text = 'all returned: expected weaker, 1 -> 2 images, found equal, 1 -> 1 images';
    expect(results[0]?.mismatches).toEqual([text]);
    expect(threadLines(results).at(-1)).toBe(`    ${text}`);
  });
});

describe('the images of threads', () => {
  it('should be those of the explorer, for every scenario on both sides', () => {
    for (const { name, threads } of threadScenarios) {
      for (const boot of [before, after]) {
        const run = runThreads(boot, threads);
        const { images } = explore(run.recorded.program, { machine: run.machine });
        const texts = images.map((image) => imageText(image.map(Number), run.recorded, run.memory));
        const boxes = [...(run.imagesByPoint.get('any time') ?? [])].sort();
        expect(boxes, name).toEqual([...new Set(texts)].sort());
      }
    }
  });

  it('should be as many as those of the record engine for one thread', () => {
    for (const boot of [before, after]) {
      for (const text of [edges?.threads[0] ?? '', 'dax write pmem0:/f @6 iov 1,9\nfsync pmem0:/f']) {
        const run = runThreads(boot, [text]);
        const history = runWorkload(boot, parseWorkload(text)).lives[0]?.history;
        for (const index of [0, 1]) {
          const count = run.imagesByPoint.get(`thread 1 operation ${index + 1}`)?.size;
          // A point of a thread is everything from the acknowledgement on; nothing is stored after these.
          expect(BigInt(count ?? 0)).toBe(history?.acked(index).count());
        }
      }
    }
  });

  it('should refuse what the engine cannot hold', () => {
    expect(() => runThreads(before, ['store pmem0:/f @0 8'], 'boot none clwb pmem0=2M')).toThrow('ADR');
    expect(() => runThreads(before, ['dax write pmem0:/f @0 iov 4096'])).toThrow('instructions that matter');
    expect(() => runThreads(before, ['store pmem0:/f @0 8 / crash'])).toThrow(
      'a thread has no power failure',
    );
  });
});
