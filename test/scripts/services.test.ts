// What is for services that are not here: the action's shell line is run with an npx that says what it was told; hooks and image
// are held to what the package has.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { conformIn } from '../support/conform.ts';
import { rootFolder } from '../support/project.ts';

const text = (file: string): string => readFileSync(join(rootFolder, file), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'services-'));
  writeFileSync(join(folder, 'npx'), '#!/bin/sh\nfor word; do echo "$word"; done\nexit 1\n');
  chmodSync(join(folder, 'npx'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly shell: string;
      readonly env: Record<string, string>;
      readonly run: string;
    }[];
  };
}

/** Runs the action as the service does: inputs become environment, the exit code is that of the step. */
function act(given: Readonly<Record<string, string>>): { code: number | null; words: string[] } {
  const { inputs, runs } = parse(text('action.yml')) as Action;
  const [step] = runs.steps;
  const values = Object.entries(step?.env ?? {}).map(([name, written]) => {
    const [, input = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(written) ?? [];
    return [name, given[input] ?? inputs[input]?.default ?? 'no such input'] as const;
  });
  const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  const { status, stdout } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...Object.fromEntries(values), PATH: path },
    },
  );
  return { code: status, words: stdout.split('\n').slice(0, -1) };
}

describe('the GitHub action', () => {
  it('should call the command with its words, and end as it ends', () => {
    expect(act({ command: 'lint', arguments: '--project a/tsconfig.json --max-warnings 3' })).toEqual({
      code: 1,
      words:
        '--yes --package pmem-conform pmem-conform lint --format github --project a/tsconfig.json --max-warnings 3'.split(
          ' ',
        ),
    });
    expect(act({}).words.slice(3)).toEqual(['pmem-conform', 'run', '--format', 'github']);
  });

  it('should take words from all lines, and what stands in quotes as one', () => {
    expect(act({ arguments: `--only "raw write"\n--step '1'\n` }).words.slice(7)).toEqual([
      '--only',
      'raw write',
      '--step',
      '1',
    ]);
  });

  it('should not do half of it where a quote has no end', () => {
    expect(act({ arguments: `--step 1 --only "raw` })).toEqual({ code: 2, words: [] });
  });

  it('should not run what is written in its inputs', () => {
    const { words } = act({ arguments: '$(echo hello) `echo hello` ; echo hello *' });
    expect(words.slice(-8)).toEqual(['$(echo', 'hello)', '`echo', 'hello`', ';', 'echo', 'hello', '*']);
  });
});

describe('pre-commit hooks', () => {
  it('should name commands that there are', async () => {
    const hooks = parse(text('.pre-commit-hooks.yaml')) as { id: string; entry: string; language: string }[];
    const { bin } = JSON.parse(text('package.json')) as { bin: Record<string, string> };
    for (const { entry, language } of hooks) {
      const [program = '', command = ''] = entry.split(' ');
      expect([language, Object.keys(bin).includes(program)]).toEqual(['node', true]);
      const { code } = await conformIn({ folder, cacheHome: folder }, [command, '--help']);
      expect(code).toBe(0);
    }
  });
});

describe('npm pack', () => {
  it('should print the name of the tarball alone, which is what pre-commit reads', () => {
    expect(text('.npmrc')).toContain('foreground-scripts=false');
  });
});

describe('the image', () => {
  it('should be made of the tarball alone, and start what the package has', () => {
    const lines = text('Dockerfile').split('\n');
    expect(lines.filter((line) => line.startsWith('COPY'))).toEqual(['COPY pmem-conform-*.tgz /tmp/']);
    expect(text('.dockerignore')).toBe('*\n!pmem-conform-*.tgz\n');
    expect(lines).toContain('ENTRYPOINT ["pmem-conform"]');
  });
});

describe('the package', () => {
  it('should list only files that there are', () => {
    const { files } = JSON.parse(text('package.json')) as { files: string[] };
    const made = ['dist', 'CHANGELOG.md'];
    for (const file of files.filter((name) => !/[!*]/.test(name) && !made.includes(name)))
      expect([file, existsSync(join(rootFolder, file))]).toEqual([file, true]);
  });
});
