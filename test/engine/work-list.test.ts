import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EvidenceStore } from '#engine/store.ts';
import { workThrough } from '#engine/work-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'work-list-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Does `parts`, saving after each; says which were done. */
function work(where: string, parts: readonly string[], killAt?: string) {
  const warnings: string[] = [];
  const done: string[] = [];
  const store = new EvidenceStore(where, (message) => warnings.push(message));
  const doPart = (part: string): string => {
    if (part === killAt) throw new Error('killed');
    done.push(part);
    return part.toUpperCase();
  };
  let results: string[] = [];
  try {
    results = workThrough({ parts, doPart, store, table: store.table<string>('t', ['x']), saveEveryMs: 0 });
  } catch {
    // What a kill leaves is looked at by the next run.
  }
  return { results, done, warnings };
}

describe('a list of work', () => {
  it('should go on where it was killed', () => {
    const where = join(folder, 'killed');
    expect(work(where, ['a', 'b', 'c', 'd'], 'c').done).toEqual(['a', 'b']);
    expect(work(where, ['a', 'b', 'c', 'd'])).toMatchObject({
      done: ['c', 'd'],
      results: ['A', 'B', 'C', 'D'],
    });
  });

  it('should do nothing a second time', () => {
    const where = join(folder, 'twice');
    work(where, ['a', 'b']);
    expect(work(where, ['b', 'a'])).toEqual({ done: [], results: ['B', 'A'], warnings: [] });
  });

  it('should say once that nothing is kept, and go on', () => {
    const { results, warnings } = work('/proc/nowhere', ['a', 'b', 'c']);
    expect(results).toEqual(['A', 'B', 'C']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('evidence is not kept');
  });
});
