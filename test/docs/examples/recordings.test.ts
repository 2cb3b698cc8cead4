/** The worked example of recordings of a series, where QEMU is installed: its README is run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '#recordings/record/environment.ts';
import { conformIn } from '../../support/conform.ts';
import { consoleExamples, wordsOf } from '../../support/console-examples.ts';
import { rootFolder } from '../../support/project.ts';

const hasTools = findProgram('qemu-x86_64') !== undefined && findProgram('gcc') !== undefined;
const example = join(rootFolder, 'examples/persistent-log');

describe.skipIf(!hasTools)('the example of a log in persistent memory', () => {
  let outer: string;
  beforeAll(() => {
    outer = mkdtempSync(join(tmpdir(), 'persistent-log-'));
    execFileSync('sh', [join(example, 'make-history.sh'), join(outer, 'log')]);
  });
  afterAll(() => rmSync(outer, { recursive: true, force: true }));

  const [shown] = consoleExamples(readFileSync(join(example, 'README.md'), 'utf8'), 'conform ');

  it('should convict the commit that loses a write-back, and show what is never written back', async () => {
    const { words, head } = wordsOf(shown!.command.replace(/^conform /, ''));
    const { code, out } = await conformIn(
      { folder: join(outer, 'log'), cacheHome: join(outer, 'cache') },
      words,
    );
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, head).join('\n').trimEnd()).toBe(shown!.output.trimEnd());
    expect(out).toContain('never written back in this recording');
  });
});
