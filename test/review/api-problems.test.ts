/** Contract against what was found, in both directions. */
import { describe, expect, it } from 'vitest';
import { apiProblems } from '#review/api-problems.ts';
import type { ApiDelta, CallerMoved } from '#review/model.ts';
import type { Contract } from '#engine/contract.ts';

const nothing: ApiDelta = { added: [], removed: [], moved: [], changed: [] };

function contract(api: Partial<Contract['api']>, callers: Contract['callers'] = []): Contract {
  return {
    step: 3,
    class: 'convert',
    summary: '',
    upstream: { commits: [], differs: '' },
    api: { added: [], removed: [], moved: [], changed: [], ...api },
    callers,
    noCallersFromHere: [],
    mayGainCallers: [],
    differences: [],
    rules: [],
  };
}

const found = (from: string, to: string, more: Partial<CallerMoved> = {}): CallerMoved => ({
  place: 'u.ts:7',
  caller: 'u.ts#user',
  from,
  to,
  fromAlso: [],
  toAlso: [],
  ...more,
});

describe('exports', () => {
  it('should agree when both say the same', () => {
    const delta: ApiDelta = {
      added: [{ symbol: 'a.ts#a', signature: '' }],
      removed: [{ symbol: 'a.ts#b', signature: '' }],
      moved: [{ from: 'a.ts#c', to: 'b.ts#c' }],
      changed: [{ symbol: 'a.ts#d', before: '', after: '' }],
    };
    const declared = {
      added: ['a.ts#a'],
      removed: ['a.ts#b'],
      moved: [{ from: 'a.ts#c', to: 'b.ts#c' }],
      changed: ['a.ts#d'],
    };
    expect(apiProblems(contract(declared), delta, [])).toEqual([]);
  });

  it('should name what was declared and not found, and found and not declared', () => {
    const delta: ApiDelta = { ...nothing, removed: [{ symbol: 'a.ts#b', signature: '' }] };
    expect(apiProblems(contract({ added: ['a.ts#a'] }), delta, [])).toEqual([
      'the contract says that a.ts#a is added, but nothing of the kind was found',
      'a.ts#b is removed, but the contract does not say so',
    ]);
  });

  it('should say what became of a symbol that did not move as declared', () => {
    const delta: ApiDelta = {
      ...nothing,
      added: [{ symbol: 'b.ts#c', signature: '' }],
      removed: [{ symbol: 'a.ts#c', signature: '' }],
    };
    expect(apiProblems(contract({ moved: [{ from: 'a.ts#c', to: 'b.ts#c' }] }), delta, [])).toEqual([
      'the contract says that a.ts#c moves to b.ts#c, but b.ts#c is added, and a.ts#c is removed, with another body or signature',
    ]);
  });
});

describe('callers', () => {
  const declared = contract({}, [{ from: 'l.ts#old', to: 'l.ts#new', in: ['u.ts#user'] }]);

  it('should agree by what is gone and what came, however the two were paired', () => {
    expect(apiProblems(declared, nothing, [found('l.ts#old', 'l.ts#new')])).toEqual([]);
    const apart = [found('l.ts#old', 'l.ts#other'), found('', 'l.ts#new')];
    expect(apiProblems(declared, nothing, apart)).toEqual([]);
  });

  it('should take a member for its type, and any name by which a module passes it on', () => {
    expect(apiProblems(declared, nothing, [found('l.ts#old', 'l.ts#new.flush')])).toEqual([]);
    const passed = found('x.ts#old', 'x.ts#new', { fromAlso: ['l.ts#old'], toAlso: ['l.ts#new'] });
    expect(apiProblems(declared, nothing, [passed])).toEqual([]);
  });

  it('should say which half of a declared move is missing', () => {
    const says = 'the contract says that u.ts#user calls l.ts#new instead of l.ts#old, but';
    expect(apiProblems(declared, nothing, [])).toEqual([`${says} neither was found`]);
    expect(apiProblems(declared, nothing, [found('l.ts#old', '')])).toEqual([
      `${says} it has no new call of l.ts#new`,
    ]);
    expect(apiProblems(declared, nothing, [found('', 'l.ts#new')])).toEqual([
      `${says} it calls l.ts#old as often as before, or never did`,
    ]);
  });

  it('should name a move that nobody declared, but neither new calls nor functions that only moved', () => {
    const delta: ApiDelta = { ...nothing, moved: [{ from: 'l.ts#m', to: 'n.ts#m' }] };
    const silent = contract({ moved: [{ from: 'l.ts#m', to: 'n.ts#m' }] });
    const callers = [found('l.ts#m', 'n.ts#m'), found('', 'l.ts#z'), found('l.ts#x', 'l.ts#y')];
    expect(apiProblems(silent, delta, callers)).toEqual([
      'u.ts#user calls l.ts#y instead of l.ts#x (u.ts:7), but the contract does not say so',
    ]);
  });
});
