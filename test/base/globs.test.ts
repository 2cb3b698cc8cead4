import { describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { matcherOf } from '#base/globs.ts';

describe('a matcher of globs', () => {
  it('should mean what any of its globs means, and nothing where there is none', () => {
    const matches = matcherOf(['src/*.ts', 'lib/**']);
    expect(['src/a.ts', 'lib/b/c.ts', 'src/a/b.ts', ''].map(matches)).toEqual([true, true, false, false]);
    expect(matcherOf([])('a')).toBe(false);
  });

  it.each([
    ['', "'' is no glob: it means nothing. Allowed is a name or a pattern"],
    ['a'.repeat(70_000), 'is no glob: Input length: 70000, exceeds maximum allowed length: 65536'],
  ])('should refuse what is no glob', (glob, message) => {
    expect(() => matcherOf([glob])).toThrow(InputError);
    expect(() => matcherOf(['src/**', glob])).toThrow(message);
  });
});
