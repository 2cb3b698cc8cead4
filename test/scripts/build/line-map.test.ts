import { transformSync } from 'esbuild';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, it } from 'vitest';
import { lineMap } from '../../../scripts/build/line-map.ts';

const SOURCE = `const LIMIT = 10;

function check(size: number): number {
  const doubled =
    size * 2;
  if (doubled > LIMIT)
    throw new RangeError('too much');
  return doubled;
}

export class Store {
  readonly #sizes: number[] = [];

  add(size: number): void {
    this.#sizes.push(
      check(size),
    );
  }
}
`;

const { code, map } = transformSync(SOURCE, {
  loader: 'ts',
  minify: true,
  sourcemap: 'external',
  sourcefile: 'store.ts',
});

/** Line of the source for the place of `text` in the code. */
function lineOf(text: string): number | null {
  const column = code.indexOf(text);
  expect(column).toBeGreaterThan(-1);
  return originalPositionFor(new TraceMap(JSON.stringify(lineMap(code, map))), { line: 1, column }).line;
}

describe('a map of lines', () => {
  it('should lead from where an error is made to its line', () => {
    expect(lineOf('new RangeError')).toBe(7);
  });

  it('should lead from elsewhere in a function to where it begins', () => {
    expect(lineOf('.push')).toBe(14);
    expect(lineOf('add(')).toBe(14);
  });

  it('should name the source, and be smaller than the whole', () => {
    const made = lineMap(code, map);
    expect(made.sources).toEqual(['store.ts']);
    expect(made.mappings.length).toBeLessThan((JSON.parse(map) as { mappings: string }).mappings.length / 2);
  });
});
