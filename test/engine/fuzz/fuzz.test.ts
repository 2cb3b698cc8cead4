/** Budgets, workers, going on after a kill, grouping and shrinking, on a target without trees. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_SIZE } from '#engine/fuzz/batch.ts';
import { explainFound } from '#engine/fuzz/explain.ts';
import { fuzz, type FuzzRequest, type FuzzResult } from '#engine/fuzz/fuzz.ts';
import { EvidenceStore } from '#engine/store.ts';
import { openFuzz } from './toy-target.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const module = pathToFileURL(join(import.meta.dirname, 'toy-target.ts')).href;
const logFile = (): string => join(folder, 'tried');
const tried = (): number[] =>
  existsSync(logFile()) ? readFileSync(logFile(), 'utf8').trim().split('\n').map(Number) : [];

const run = (more: Partial<FuzzRequest> = {}, at = folder): Promise<FuzzResult> =>
  fuzz({
    plan: { module, options: { log: logFile() } },
    parts: ['toy'],
    store: new EvidenceStore(at, () => {}),
    from: 0,
    budget: { count: 120 },
    workers: 1,
    ...more,
  });

describe('a run of workloads', () => {
  it('should try each number once, and count', async () => {
    const { tried: count, counted, found } = await run();
    expect(count).toBe(120);
    expect(tried()).toEqual(Array.from({ length: 120 }, (_, number) => number));
    // "workload 4" is no number, so nothing is even; 0, 10, … 110 end in a zero.
    expect(counted).toEqual({});
    expect(found).toMatchObject([{ number: 0, count: 12, workload: { text: 'workload 0' } }]);
  });

  it('should say the same whoever tries', async () => {
    const alone = await run({}, join(folder, 'alone'));
    const together = await run({ workers: 2 }, join(folder, 'together'));
    expect(together).toEqual(alone);
  });

  it('should go on where it was killed', async () => {
    await run({ budget: { count: BATCH_SIZE } });
    rmSync(logFile());
    const whole = await run();
    expect(tried()).toEqual(Array.from({ length: 120 - BATCH_SIZE }, (_, number) => BATCH_SIZE + number));
    expect(whole).toEqual(await run({}, join(folder, 'elsewhere')));
  });

  it('should try again what followed from something else', async () => {
    await run();
    rmSync(logFile());
    await run({ parts: ['another tree'] });
    expect(tried()).toHaveLength(120);
  });

  it('should count seconds of kept batches like those of new ones', async () => {
    const store = new EvidenceStore(folder, () => {});
    const table = store.table('fuzz', ['toy']);
    const batch = { counted: { kept: 1 }, found: [], seconds: 5 };
    for (let from = 0; from < 4 * BATCH_SIZE; from += BATCH_SIZE)
      table.set(`${from}-${from + BATCH_SIZE}`, batch);
    // Two batches of five seconds are more than nine seconds of one worker, and four are of two.
    expect((await run({ store, budget: { seconds: 9 } })).tried).toBe(2 * BATCH_SIZE);
    expect((await run({ store, budget: { seconds: 9 }, workers: 2 })).tried).toBe(4 * BATCH_SIZE);
    expect(tried()).toEqual([]);
  });

  it('should begin where it is told to', async () => {
    await run({ from: 1000, budget: { count: 3 } });
    expect(tried()).toEqual([1000, 1001, 1002]);
  });

  it('should only warn where nothing can be kept', async () => {
    const warnings: string[] = [];
    const store = new EvidenceStore('/dev/null/nowhere', (message) => warnings.push(message));
    expect((await run({ store })).tried).toBe(120);
    expect(warnings).toHaveLength(1);
  });
});

describe('what was found', () => {
  it('should be one failure a cause, with the smallest workload that shows it', async () => {
    const { found } = await run();
    const target = await openFuzz({});
    expect(await explainFound(target, found)).toMatchObject([
      { kind: 'wrong result', cause: 'ten', count: 12, workload: '0', replay: 'toy 0', number: 0 },
    ]);
  });
});
