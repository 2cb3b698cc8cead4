import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What a program complains of. */
const complaints = (text: string): string =>
  spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], { encoding: 'utf8' })
    .stderr;

describe('an engine that is told to optimize late', () => {
  it('should know what it is told: of flags that it does not know it complains, and goes on', () => {
    expect(complaints("import('#checks/late-optimizing.ts').then((made) => made.optimizeLate())")).toBe('');
    expect(
      complaints("import('node:v8').then((v8) => v8.setFlagsFromString('--no-such-flag-of-ours=1'))"),
    ).toContain('no-such-flag-of-ours');
  });
});
