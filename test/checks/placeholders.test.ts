// Globs with placeholders say the same as the rules one would write out by hand.
import { array, assert as assertHolds, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterOf } from '#checks/globs.ts';
import { bindingFilter } from '#checks/placeholders.ts';

describe('a placeholder', () => {
  it('should stand for one segment, and with dots for several', () => {
    expect(bindingFilter(['src/<f>/**'])('src/cart/a/b.ts', {})).toEqual({ f: 'cart' });
    expect(bindingFilter(['src/<f>.ts'])('src/cart/a.ts', {})).toBeUndefined();
    expect(bindingFilter(['src/<f...>/index.ts'])('src/a/b/index.ts', {})).toEqual({ f: 'a/b' });
  });

  it('should mean the same wherever it stands, and with an exclamation mark another', () => {
    expect(bindingFilter(['<f>/<f>.ts'])('a/a.ts', {})).toEqual({ f: 'a' });
    expect(bindingFilter(['<f>/<f>.ts'])('a/b.ts', {})).toBeUndefined();
    expect(bindingFilter(['src/!<f>/**'])('src/a/x.ts', { f: 'a' })).toBeUndefined();
    expect(bindingFilter(['src/!<f>/**'])('src/b/x.ts', { f: 'a' })).toEqual({ f: 'a' });
  });

  it('should read dots, braces and brackets beside it as globs do', () => {
    expect(bindingFilter(['src/<f>.{ts,tsx}'])('src/cart.tsx', {})).toEqual({ f: 'cart' });
    expect(bindingFilter(['src/<f>.{ts,tsx}'])('src/cartxts', {})).toBeUndefined();
  });

  it('should be equal to one rule for each value', () => {
    const segment = constantFrom('a', 'b', 'c', 'index.ts', 'x.ts');
    const file = array(segment, { minLength: 1, maxLength: 4 }).map((parts) => ['src', ...parts].join('/'));
    const globs = ['src/<f>/**', '!src/<f>/index.ts'];
    assertHolds(
      property(file, file, (from, to) => {
        const bound = bindingFilter(['src/<f>/**'])(from, {});
        const told = bound !== undefined && bindingFilter(globs)(to, bound) !== undefined;
        const expanded = ['a', 'b', 'c', 'index.ts', 'x.ts'].some(
          (value) =>
            filterOf([`src/${value}/**`])(from) &&
            filterOf([`src/${value}/**`, `!src/${value}/index.ts`])(to),
        );
        expect(told).toBe(expanded);
      }),
    );
  });
});
