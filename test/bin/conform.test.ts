/** Where output goes: the real process, because only it has pipes. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

/** Exit code and error text of the tool when nobody reads its output. */
async function unread(...words: string[]): Promise<{ code: number; err: string }> {
  const child = spawn(process.execPath, ['bin/conform.mjs', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (part) => void (err += part));
  const [code] = (await once(child, 'close')) as [number];
  return { code, err };
}

describe('a reader that has seen enough', () => {
  it('should cost neither the exit code nor a stack trace', async () => {
    expect(await unread('run', '--only', 'T1 ')).toEqual({ code: 0, err: '' });
    expect(await unread('run', '--only', 'T1 ', '--after', 'as-posted')).toEqual({ code: 1, err: '' });
  });
});

/** The exit code and error text of the tool with a device without room as standard output, and as standard error. */
function withoutRoom(...words: string[]): { out: [number | null, string]; err: number | null } {
  const full = openSync('/dev/full', 'w');
  const program = [process.execPath, ['bin/conform.mjs', ...words]] as const;
  const out = spawnSync(...program, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  const err = spawnSync(...program, { stdio: ['ignore', 'ignore', full] });
  closeSync(full);
  return { out: [out.status, out.stderr], err: err.status };
}

describe.skipIf(!existsSync('/dev/full'))('a device without room', () => {
  it('should end with 2 where the report is lost, and as ever where only a message is', () => {
    for (const words of [
      ['--version'],
      ['copy-table', '--routine', 'memcpy_flushcache', '--max-size', '1'],
    ]) {
      const { out, err } = withoutRoom(...words);
      expect(out).toEqual([2, expect.stringMatching(/^standard output cannot be written: ENOSPC.*\n$/)]);
      expect(err).toBe(0);
    }
    expect(withoutRoom('litmus', 'no such file').err).toBe(2);
  });
});
