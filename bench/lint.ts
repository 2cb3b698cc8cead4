/** The linter beside the compiler, each in processes of its own; see `lint-speed.mjs`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export function benchLint(): string[] {
  const script = join(import.meta.dirname, 'lint-speed.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return [
    ...stdout.trim().split('\n'),
    'targets: one project at most 4 x (ts-morph), 3 x (typescript-7); all trees 10 s and 2 s; second run 1 s',
  ];
}
