import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSourcePlaces } from '../../cli/defect.ts';

let dist: string;
beforeEach(() => {
  dist = join(mkdtempSync(join(tmpdir(), 'defect-')), 'dist');
  mkdirSync(dist);
});
afterEach(() => rmSync(join(dist, '..'), { recursive: true, force: true }));

/** Column 0 of the first line is line 3 of the source, column 10 is line 8 (ECMA-426: A is 0, E is 2, K is 5, U is 10). */
const MAP = { version: 3, sources: ['../engine/judge.ts'], names: [], mappings: 'AAEA,UAKA' };

describe('the stack trace of a defect in the package', () => {
  it('should name files and lines of the sources', () => {
    writeFileSync(join(dist, 'run-a1.js.map'), JSON.stringify(MAP));
    const stack = [
      'TypeError: x',
      `    at a (file://${dist}/run-a1.js:1:5)`,
      `    at async ${dist}/run-a1.js:1:40`,
    ];
    expect(withSourcePlaces(stack.join('\n'), dist, join(dist, '..')).split('\n')).toEqual([
      'TypeError: x',
      '    at a (engine/judge.ts:3, dist/run-a1.js:1:5)',
      '    at async engine/judge.ts:8, dist/run-a1.js:1:40',
    ]);
  });

  it('should leave places that have no map, or lie elsewhere', () => {
    writeFileSync(join(dist, 'run-a1.js.map'), JSON.stringify(MAP));
    const stack = `E\n    at a (file://${dist}/other.js:1:5)\n    at b (file:///somewhere/run-a1.js:1:5)\n    at node:internal/x:1:2`;
    expect(withSourcePlaces(stack, dist)).toBe(stack);
  });
});
