// The model beside the C it models: what is alike, what is not, and where differences are known.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cFileOf, likeness, modelFunctions } from '#checks/c/model.ts';
import { treeOf, withFolder } from './trees.ts';

const MODEL = `/** do_open(file): opens. */
export function doOpen(): void {
  doCheck();
  partOfOpen();
  other.doMore();
}

/** Part of it. */
function partOfOpen(): void {
  doClose();
}

/** Note: no C name. */
function note(): void {
}

/** do_check: checks. */
function doCheck(): void {
}

/**
 * do_close(file): closes.
 */
function doClose(): void {
}

/** do_more(): is not in C. */
function doMore(): void {
}
`;

const C = {
  'drivers/x.c':
    '#include "y.h"\nvoid do_open(void) { do_check(); give(do_close); }\nvoid do_check(void) { do_open(); }\n',
  'drivers/y.h': 'void do_close(void);\n',
};

describe('the model beside the C', () => {
  it('should find functions by the C name their comment begins with', () => {
    expect(
      modelFunctions('drivers/x.ts', MODEL, () => true).map(({ symbol, name, line, cFile }) => [
        symbol,
        name,
        line,
        cFile,
      ]),
    ).toEqual([
      ['do_open', 'doOpen', 2, 'drivers/x.c'],
      ['do_check', 'doCheck', 18, 'drivers/x.c'],
      ['do_close', 'doClose', 24, 'drivers/x.c'],
      ['do_more', 'doMore', 28, 'drivers/x.c'],
    ]);
    expect(cFileOf('drivers/pmem.h.ts', () => true)).toBe('drivers/pmem.h');
    expect(cFileOf('include/dax.ts', (file) => file.endsWith('.h'))).toBe('include/dax.h');
  });

  it('should have a reason for each difference that is listed', () => {
    const list = readFileSync(path.join(import.meta.dirname, '../../../series/against-c.txt'), 'utf8');
    const rows = list.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(
      rows.filter((row) => !/^(?:before|after|both): (?:call|missing|elsewhere) [^:]+: .{20,}/.test(row)),
    ).toEqual([]);
  });

  it('should tell what is missing, what is elsewhere, and which calls only one of them has', async () => {
    await withFolder(C, async (folder) => {
      const functions = modelFunctions('drivers/x.ts', MODEL, () => true);
      const tree = await treeOf(
        folder,
        functions.map(({ symbol }) => symbol),
      );
      const { inPlace, callsInBoth, differences } = await likeness(functions, tree);
      expect([inPlace, callsInBoth]).toEqual([2, 1]);
      expect(differences).toEqual([
        {
          key: 'elsewhere do_close',
          text: 'drivers/x.ts:24  do_close is in drivers/y.h:1, not in drivers/x.c',
        },
        { key: 'missing do_more', text: 'drivers/x.ts:28  do_more is nowhere in the C tree' },
        {
          key: 'call do_open do_close only in the model',
          text: 'do_open calls do_close only in the model; C gives the function on as a value there',
        },
        { key: 'call do_check do_open only in C', text: 'do_check calls do_open only in C' },
      ]);
    });
  });
});
