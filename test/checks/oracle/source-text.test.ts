import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { sourceText } from '#checks/oracle/source-text.ts';

const read = (): string => sourceText('/gone/since/a.ts');

describe('the text of a source', () => {
  it('should have no byte order mark', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'text-')), 'a.ts');
    writeFileSync(file, '\uFEFFlet a;');
    expect(sourceText(file)).toBe('let a;');
    rmSync(path.dirname(file), { recursive: true });
  });

  it('should be missed in words of their own where a file went away while the project was judged', () => {
    expect(read).toThrow(InputError);
    expect(read).toThrow("open '/gone/since/a.ts'\n  It was there when the project was opened: run again.");
  });
});
