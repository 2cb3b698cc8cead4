/** Readers that close the pipe early, as `head` does: the real process, because only it has pipes. */
import { spawn } from 'node:child_process';
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
