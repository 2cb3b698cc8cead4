import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PWRITE } from '../pmem/traces/support.ts';
import type { CliContext } from '../../cli/context.ts';
import { main } from '../../cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-traces-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function traces(
  rows: readonly object[],
  ...options: string[]
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  let out = '';
  let err = '';
  const context: CliContext = {
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
    color: false,
    progress: false,
    exitCode: 0,
  };
  const code = await main(['traces', file, ...options], context);
  return { code, out, err };
}

const WRONG = { ...PWRITE, id: 2, events: ['c5:1*3', 'n8:8*12', 'c104:1', 'S', 'W0'] };
const JOURNAL = { ...PWRITE, id: 3, op: 'sync', segments: undefined, events: ['S', 'S'] };

describe('conform traces', () => {
  it('should end with 0 when no row differs, even if some cannot be compared', async () => {
    const { code, out } = await traces([PWRITE, JOURNAL], '--tree', 'before');
    expect(code).toBe(0);
    expect(out).toContain('2 operations of Linux 4.12.10 (clwb) against before');
    expect(out).toContain('1 of 1 equal');
    expect(out).toContain('1  sync writes back a whole file system with its metadata');
  });

  it('should end with 1 and show both lists side by side, the first difference marked', async () => {
    const { code, out } = await traces([PWRITE, WRONG], '--tree', 'before');
    expect(code).toBe(1);
    expect(out).toMatch(/different {2}\S+rows\.jsonl:2 {2}pwrite on ext4 dax on pmem0 \(id 2\)/);
    expect(out).toMatch(/^ {4}> W0 +W0\*2$/m);
    expect(out).toContain("npx pmem-conform replay --trace 'boot adr clwb pmem0=16M,pages / ");
  });

  it('should print no character of a row that moves what is printed', async () => {
    const row = { ...JOURNAL, op: 'no\u001b[2J\u202e' };
    const { out } = await traces([row], '--tree', 'before');
    expect(out).toContain("the model has no operation 'no\\x1b[2J\\u{202e}'");
    const { out: json } = await traces([row], '--tree', 'before', '--format', 'json');
    for (const text of [out, json])
      for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
  });

  it('should count the differences that it does not show', async () => {
    const { out } = await traces([WRONG, WRONG, WRONG], '--tree', 'before', '--show', '1');
    expect(out).toContain('2 more different');
    expect(out).toContain('    2  pwrite on ext4 dax on pmem0');
  });

  it('should give the same as data', async () => {
    const { code, out } = await traces([PWRITE, WRONG, JOURNAL], '--tree', 'before', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      tree: 'before',
      kernels: ['4.12.10'],
      machine: 'clwb',
      counts: { equal: 1, different: 1, notComparable: 1 },
      rows: [
        { line: 1, verdict: 'equal' },
        {
          verdict: 'different',
          difference: {
            first: 4,
            returned: { kernel: 100, tree: 100 },
            events: { kernel: ['c5:3', 'n8:8*12', 'c104:1', 'S', 'W0'] },
          },
        },
        { verdict: 'not comparable', reason: expect.stringContaining('sync writes back') },
      ],
    });
  });

  it('should give a case for each row as JUnit XML', async () => {
    const { code, out } = await traces(
      [PWRITE, { ...WRONG, on: 'ext4 dax on pmem0 & <more>' }, JOURNAL],
      '--tree',
      'before',
      '--format',
      'junit',
    );
    expect(code).toBe(1);
    expect(out).toContain('<testsuites name="conform traces" tests="3" failures="1" errors="0" skipped="1">');
    expect(out.match(/<testcase /g)).toHaveLength(3);
    expect(out).toContain('<skipped message="sync writes back');
    expect(out).toContain('message="event 5: W0 in the kernel, W0*2 in before"');
    expect(out).toContain('pmem0 &amp; &lt;more&gt;');
  });

  it.each([
    [['--tree', 'nowhere'], "unknown tree 'nowhere'"],
    [['--tree', 'before', '--machine', 'quick'], "--machine: 'quick' is no word for a machine"],
    [['--tree', 'before', '--kernel', 'quick'], 'allowed: a version such as 4.13.9'],
    [['--tree', 'before', '--boot', 'pmem1=1M'], '--boot: '],
    [['--tree', 'before', '--show', 'all'], 'allowed: a whole number'],
    [[], "required option '--tree <tree>' not specified"],
  ])('should end with 2 and say what is allowed: %j', async (options, message) => {
    const { code, err } = await traces([PWRITE], ...options);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('should end with 2 at the line that is no row', async () => {
    const { code, out, err } = await traces(
      [PWRITE, { ...PWRITE, events: ['S', 'nothing'] }],
      '--tree',
      'before',
    );
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/rows\.jsonl:2: events\.1: 'nothing' is no event\n {2}allowed: /);
  });
});
