/** What a probe leaves behind ends with it: in a session of its own too, and when we are told to end in the middle. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gather } from '#engine/evidence.ts';
import { probe } from '#engine/probe/subject.ts';
import { emptyStore, rootFolder } from '../../support/project.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leftovers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Whether a process that wrote its id to `pid` still runs. */
function isRunning(): boolean {
  return (
    spawnSync('ps', ['-o', 'stat=', '-p', readFileSync(join(root, 'pid'), 'utf8').trim()], {
      encoding: 'utf8',
    }).stdout.match(/^[^Z\s]/) !== null
  );
}

/** Waits until `isSo`, for ten seconds at most. */
async function until(isSo: () => boolean): Promise<boolean> {
  for (let turns = 0; turns < 10_000 && !isSo(); turns++) await sleep(50);
  return isSo();
}

const DAEMON = `setsid sh -c 'echo $$ > "$CONFORM_PROJECT/pid"; exec sleep 600' > /dev/null 2>&1 < /dev/null & sleep 0.3`;

describe.skipIf(!existsSync('/proc/self/environ'))('what a probe leaves behind', () => {
  it('should end once everything is tried, in a session of its own too', async () => {
    const subject = probe({ root, run: DAEMON, dimensions: {} });
    const tree = { name: 'only', folder: root, hash: 'only' };
    await gather({ subject, store: emptyStore() }, [tree], []);
    expect(await until(() => !isRunning())).toBe(true);
  });

  it('should end when we are told to end in the middle', async () => {
    const git = (...words: string[]): unknown =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=b', ...words], { cwd: root });
    git('init', '--quiet');
    writeFileSync(
      join(root, 'conform.config.yaml'),
      `range: HEAD~1..HEAD\nprobe: { run: '${DAEMON.replaceAll("'", "''")}; sleep 9' }\n`,
    );
    for (const message of ['base', 'One']) git('commit', '--quiet', '--allow-empty', '-m', message);
    const words = [join(rootFolder, 'bin/conform.mjs'), '--cache-dir', join(root, 'cache'), 'run'];
    const conform = spawn('node', words, { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => conform.on('exit', (_code, signal) => resolve(signal)));
    expect(
      await until(() => existsSync(join(root, 'pid')) && readFileSync(join(root, 'pid'), 'utf8') !== ''),
    ).toBe(true);
    conform.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(await until(() => !isRunning())).toBe(true);
  });
});
