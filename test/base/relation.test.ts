import { describe, expect, it } from 'vitest';
import { allowsMore, combine, relationOf } from '#base/relation.ts';

describe('relations', () => {
  it('name what only one side allows', () => {
    expect(relationOf(false, false)).toBe('equal');
    expect(relationOf(true, false)).toBe('stronger');
    expect(relationOf(false, true)).toBe('weaker');
    expect(relationOf(true, true)).toBe('incomparable');
  });

  it('taken together are the one that differs, or incomparable where two do', () => {
    expect(combine([])).toBe('equal');
    expect(combine(['equal', 'weaker', 'equal', 'weaker'])).toBe('weaker');
    expect(combine(['stronger', 'weaker'])).toBe('incomparable');
    expect(combine(['other', 'equal'])).toBe('other');
    expect(combine(['other', 'stronger'])).toBe('incomparable');
  });

  it('allow more where the later side may leave what the earlier one may not', () => {
    expect(['equal', 'stronger', 'weaker', 'incomparable', undefined].filter(allowsMore)).toEqual([
      'weaker',
      'incomparable',
    ]);
  });
});
