import { describe, expect, it } from 'vitest';
import { parseContract, readContracts } from '#engine/contract.ts';
import { readPatches } from '#engine/series/patches.ts';
import { checkSeries } from '#engine/series/check.ts';
import { seriesFolders } from '#engine/series/trees.ts';
import { readFileSync } from 'node:fs';

const folders = seriesFolders();

describe('the series', () => {
  it('should lead from before to after, patch by patch', () => {
    expect(checkSeries(folders)).toBe(14);
  });

  it("should carry the cover letter's subjects, in its order", () => {
    const letter = readFileSync(new URL('../../series/cover-letter.txt', import.meta.url), 'utf8');
    const list = /^Dan Williams \(14\):\n((?:.+\n){14})/m.exec(letter)?.[1]?.trim().split('\n') ?? [];
    expect(readPatches(folders.patches).map(({ subject }) => subject)).toEqual(
      list.map((line) => line.trim()),
    );
  });

  it('should have a contract for each patch', () => {
    expect(readContracts(folders.patches).map(({ step }) => step)).toEqual(
      Array.from({ length: 14 }, (_, index) => index + 1),
    );
  });

  it('should declare nothing for the steps that the facts call pure', () => {
    const pure = readContracts(folders.patches).filter(({ differences }) => differences.length === 0);
    expect(pure.map(({ step }) => step)).toEqual([2, 4, 5, 8, 9, 10]);
  });
});

describe('a contract that is wrong', () => {
  const good = JSON.stringify(readContracts(folders.patches)[0]);
  const broken = (change: (contract: Record<string, unknown>) => void): string => {
    const contract = JSON.parse(good) as Record<string, unknown>;
    change(contract);
    return JSON.stringify(contract);
  };

  it('should be refused with file, place and what is allowed', () => {
    expect(() => parseContract('{', 'x.json')).toThrow('x.json: not JSON');
    expect(() =>
      parseContract(
        broken((contract) => (contract['class'] = 'tidy')),
        'x.json',
      ),
    ).toThrow(/x\.json: class: .*"add"/);
    expect(() =>
      parseContract(
        broken((contract) => (contract['extra'] = 1)),
        'x.json',
      ),
    ).toThrow(/x\.json: extra/);
    const misspelt = broken((contract) => {
      (contract['differences'] as { id: string }[])[0]!.id = 'D1_no_fence';
    });
    expect(() => parseContract(misspelt, 'x.json')).toThrow(
      'x.json: differences.0.id: an id is D, the step, and words',
    );
  });
});
