/** Promises of one recording: the log of the golden recordings, whose variant 3 does not persist its tail in time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformIn, type Printed } from '../../support/conform.ts';
import { rootFolder } from '../../support/project.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'check-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const golden = (name: string): string => join(rootFolder, 'test/golden/data/recordings', `${name}.jsonl.gz`);

async function check(recording: string, expectations: string): Promise<Printed> {
  const path = join(folder, 'expect.yaml');
  writeFileSync(path, expectations);
  return conformIn({ folder, cacheHome: join(folder, 'cache') }, [
    'check',
    golden(recording),
    '--expect',
    path,
  ]);
}

const command = (bytes: string): string =>
  `- recovers: test "$(od -An -tx1 -j184 -N8 "$CONFORM_IMAGE" | tr -d ' ')" ${bytes}\n  images: 1000\n`;

describe('a promise', () => {
  it('should be kept by the good log and broken by one that fences too early', async () => {
    const holds = '- after: append 1\n  holds: [x.img:0:8, x.img:96:64]\n';
    expect(await check('plog-0', holds)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of 1 kept'),
    });
    expect(await check('plog-3', holds)).toMatchObject({
      code: 1,
      out: expect.stringContaining(
        'x.img +0x0 may hold 00 00 00 00 00 00 00 00, and 01 00 00 00 01 00 00 00 was stored',
      ),
    });
  });

  it('should be tried by a command, and say whether the images were all', async () => {
    // The slot of entry i is at 128 i; its body is never durable after its commit word.
    const tried = await check('slot-0', command('!= 1111111111111111'));
    // Operation i stores 8 words of one line: 9 images.
    expect(tried).toMatchObject({
      code: 0,
      out: expect.stringContaining("until 'insert 1' recovers (9 images tried, which are all)"),
    });
    expect(await check('slot-0', command('= 0000000000000000'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('exits with 1'),
    });
    const few = await check('slot-0', '- recovers: "true"\n  images: 3\n');
    expect(few.out).toContain("until 'insert 1' recovers (3 images tried, not all there are)");
  });

  it('should be refused when it speaks of what the recording has not', async () => {
    expect(await check('plog-0', '- after: append 9\n  holds: [x.img]\n')).toMatchObject({
      code: 2,
      err: expect.stringContaining("'append 9' is no acknowledgement of the recording\n  allowed: append 1"),
    });
    expect(await check('plog-0', '- after: append 1\n  holds: [y.img]\n')).toMatchObject({ code: 2 });
    expect(await check('plog-0', '- after: append 1\n  keeps: x\n')).toMatchObject({ code: 2 });
  });
});
