import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { PWRITE } from './support.ts';
import { parseRows, readRows } from '#pmem/traces/read-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));

const messageOf = (text: string): string => {
  try {
    parseRows(text, 'rows.jsonl');
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing wrong';
};

/** A good row with one thing changed, behind a good one. */
const changed = (change: object): string =>
  `${JSON.stringify(PWRITE)}\n\n${JSON.stringify({ ...PWRITE, ...change })}\n`;

describe('files of rows', () => {
  it('should be read plain and compressed', () => {
    const text = `${JSON.stringify(PWRITE)}\n`;
    writeFileSync(join(folder, 'a.jsonl'), text);
    writeFileSync(join(folder, 'b.jsonl.gz'), gzipSync(text));
    const [plain, packed] = [readRows(join(folder, 'a.jsonl')), readRows(join(folder, 'b.jsonl.gz'))];
    expect(packed).toEqual(plain);
    expect(plain).toMatchObject([
      { line: 1, op: 'pwrite', fileOffset: 5, isRelativeToPage: true, returned: 100 },
    ]);
  });

  it('should keep fields that nobody knows out of the way, and null for absent', () => {
    expect(parseRows(changed({ fence_in: ['x'], dev_offset: null }), 'rows')).toHaveLength(2);
  });

  it('should take an error number for the result', () => {
    expect(parseRows(changed({ returned: -1, errno: 5 }), 'rows')[1]?.returned).toBe(-5);
  });

  it.each([
    ['{"id": 1', /^rows\.jsonl:1: no JSON: .*\n {2}allowed: one JSON object a line$/s],
    ['[]', /^rows\.jsonl:1: /],
    ['7', /^rows\.jsonl:1: /],
    [changed({ op: 7 }), /^rows\.jsonl:3: op: .*string/],
    [changed({ segments: [1, -1] }), /^rows\.jsonl:3: segments\.1: /],
    [
      changed({ segments: [2 ** 26, 1] }),
      /^rows\.jsonl:3: segments: more than 64M in one operation\n {2}allowed: segments of at most 67108864 bytes together/,
    ],
    [changed({ returned: 'x' }), /^rows\.jsonl:3: returned: /],
    [changed({ relative_to: 'moon' }), /^rows\.jsonl:3: relative_to: .*destination page.*device/],
    [
      changed({ events: ['S', 'q0:8'] }),
      /^rows\.jsonl:3: events\.1: 'q0:8' is no event\n {2}allowed: nPLACE:BYTES/,
    ],
    [changed({ events: undefined }), /^rows\.jsonl:3: events: missing\n {2}allowed: /],
    ['\n', /^rows\.jsonl: no rows\n {2}allowed: /],
  ])('should refuse what is no row: %#', (text, message) => {
    expect(messageOf(text)).toMatch(message);
  });

  it('should say of a file what is wrong with it', () => {
    expect(() => readRows(join(folder, 'none'))).toThrow(/none: no such file$/);
    writeFileSync(join(folder, 'broken.gz'), Buffer.from([0x1f, 0x8b, 0, 0]));
    expect(() => readRows(join(folder, 'broken.gz'))).toThrow(/broken\.gz: cannot be uncompressed/);
    expect(() => readRows(folder)).toThrow(/cannot be read \(EISDIR\)$/);
  });
});
