/** Commands in a user's own repository: what is tried again after a rebase, and what is said of configurations that cannot be used. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conformIn, type Printed } from '../support/conform.ts';
import { rootFolder } from '../support/project.ts';
import { newRepository, type Repository } from '../support/repository.ts';

let repository: Repository;
let outer: string;
beforeEach(() => {
  repository = newRepository();
  outer = join(repository.folder, '..');
});
afterEach(() => repository.remove());

const conform = (words: string[], folder = repository.folder): Promise<Printed> =>
  conformIn({ folder, cacheHome: join(outer, 'cache') }, words);

/** A probe outside the trees that prints what `value` holds, and notes each try. */
function withProbe(): void {
  writeFileSync(
    join(outer, 'probe.sh'),
    `echo tried >> '${join(outer, 'tries')}'; printf 'result\\t\\t%s\\n' "$(cat value)"\n`,
  );
  repository.commit('base', {
    value: 'one',
    'conform.config.yaml':
      'range: base..HEAD\nprobe:\n  run: sh "$CONFORM_PROJECT/../probe.sh"\n  dimensions: { result: }\n',
  });
  repository.git('branch', 'base');
}

const tries = (): number => {
  const file = join(outer, 'tries');
  const count = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  rmSync(file, { force: true });
  return count;
};

describe('a series of commits', () => {
  it('should try each tree once, and nothing again after rewording, squashing and an empty commit', async () => {
    withProbe();
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { 'b.txt': 'b' });
    const first = await conform(['run']);
    expect([first.code, first.err, tries()]).toEqual([0, '', 3]);
    repository.git('commit', '--quiet', '--amend', '-m', 'Two, in other words');
    expect((await conform(['run'])).out).toContain('pure: Two, in other words');
    repository.git('reset', '--quiet', '--soft', 'base');
    repository.git('commit', '--quiet', '-m', 'Both at once');
    repository.commit('Nothing', {});
    expect((await conform(['run'])).out).toContain('2 steps keep their contracts, 2 of them change nothing.');
    expect((await conform(['review'])).code).toBe(0);
    expect(tries()).toBe(0);
  });

  it('should work from a folder below, and with --config from anywhere', async () => {
    withProbe();
    repository.commit('One', { 'src/a.txt': 'a' });
    expect((await conform(['run'], join(repository.folder, 'src'))).code).toBe(0);
    const config = join(repository.folder, 'conform.config.yaml');
    expect((await conform(['--config', config, 'run', '--step', 'One'], outer)).code).toBe(0);
  });

  it('should show a step with its diff, as text and as a page', async () => {
    withProbe();
    repository.commit('Change the value', { value: 'two' });
    const { code, out } = await conform(['review', 'value']);
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/^step 1 {2}Change the value {2}fails[^]*\+two[^]*wrong result/),
    ]);
    expect(out).not.toContain('Exports');
    const page = await conform(['review', '--format', 'html']);
    expect(page.out).toContain('<h2 id="step-1-title">Change the value</h2>');
    expect(page.out).toContain('<strong>✗ Does not hold.</strong> 1 wrong result, in 1 scenario.');
  });

  it('should name a commit as the culprit only where the difference comes in', async () => {
    withProbe();
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { value: 'two' });
    repository.commit('Three', { 'b.txt': 'b' });
    expect((await conform(['run'])).out).toContain('step 2 of 3 fails.');
  });

  it('should compare any two trees: steps, revisions, folders', async () => {
    withProbe();
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { value: 'two' });
    const folder = join(outer, 'by hand');
    mkdirSync(folder);
    writeFileSync(join(folder, 'value'), 'two');
    const alike = await conform(['run', '--before', 'HEAD~1', '--after', 'base']);
    expect([alike.code, alike.out.trim()]).toEqual([0, 'HEAD~1 and base are alike in 1 workload, 2 places.']);
    const other = await conform(['run', '--before', 'step-1', '--after', folder]);
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('before one; after two')]);
    expect((await conform(['run', '--ends'])).out).toContain('before and after are not alike.');
    expect(await conform(['run', '--after', 'nowhere'])).toMatchObject({
      code: 2,
      err: expect.stringContaining("unknown tree 'nowhere'"),
    });
  });

  it('should take a module with the same data', async () => {
    withProbe();
    const config = join(outer, 'elsewhere');
    mkdirSync(config);
    repository.commit('One', { 'a.txt': 'a' });
    repository.git('rm', '--quiet', 'conform.config.yaml');
    repository.write({
      'conform.config.mjs': "export default { range: 'base..HEAD', probe: { run: 'true' } };\n",
    });
    expect((await conform(['run'])).out).toContain('step 1 keeps its contract.');
  });
});

describe('a configuration in TypeScript', () => {
  it('should be loaded by the program, whatever package.json says of modules', () => {
    withProbe();
    repository.commit('One', { 'a.txt': 'a' });
    rmSync(join(repository.folder, 'conform.config.yaml'));
    repository.write({
      'conform.config.ts':
        "const range: string = 'base..HEAD';\nexport default { range, probe: { run: 'true' } };\n",
    });
    const program = join(rootFolder, 'bin/conform.mjs');
    const words = [program, '--cache-dir', join(outer, 'cache'), 'run'];
    const run = (): string =>
      execFileSync('node', words, { cwd: repository.folder, encoding: 'utf8', stdio: 'pipe' });
    expect(run()).toContain('step 1 keeps its contract.');
    repository.write({ 'package.json': '{ "type": "module" }' });
    expect(run()).toContain('step 1 keeps its contract.');
  });
});

describe('a configuration that cannot be used', () => {
  for (const [text, says] of [
    ['rang: a..b\n', 'conform.config.yaml:1: range: '],
    [
      'range: a..b\nprobe: { run: x, dimensions: { a: { compare: texts } } }\n',
      'conform.config.yaml:2: probe.dimensions.a.compare: ',
    ],
    ['range: a..b\nprobe: { run: x, dimensions: { exit: {} } }\n', "'exit' cannot be a dimension"],
    ['range: base..HEAD\nprobe: { run: x, workloads: [none/*] }\n', "no workload in 'none/*'"],
    ['range: nowhere..HEAD\nprobe: { run: x }\n', "'nowhere' of nowhere..HEAD is no commit of"],
    ['range: [\n', 'not YAML'],
  ] as const)
    it(`should end with 2 and one clear error: ${JSON.stringify(text)}`, async () => {
      repository.commit('base', { 'conform.config.yaml': text });
      repository.git('branch', 'base');
      repository.git('branch', 'a');
      repository.git('branch', 'b');
      repository.commit('One', { 'a.txt': 'a' });
      repository.git('branch', '--force', 'b');
      const { code, err, out } = await conform(['run']);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(says);
      expect(err).not.toMatch(/\n\s+at /);
    });

  it('should be refused: options that are about other projects', async () => {
    withProbe();
    repository.commit('One', { 'a.txt': 'a' });
    expect(await conform(['run', '--only', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--only is not for this project'),
    });
    expect(await conform(['run', '--variant', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining("unknown variant 'x'"),
    });
    expect(await conform(['--config', 'nowhere.yaml', 'run'])).toMatchObject({
      code: 2,
      err: 'there is no configuration nowhere.yaml\n',
    });
  });
});

/** Each try notes when it begins and ends. */
async function notes(parallel: number): Promise<string[]> {
  const file = join(outer, 'notes');
  repository.commit('base', {
    'conform.config.yaml': `range: base..HEAD\nprobe: { parallel: ${parallel}, run: echo begins >> '${file}'; sleep 0.2; echo ends >> '${file}' }\n`,
  });
  repository.git('branch', 'base');
  repository.commit('One', { 'a.txt': 'a' });
  expect((await conform(['run'])).code).toBe(0);
  return readFileSync(file, 'utf8').trim().split('\n');
}

describe('probes at a time', () => {
  it('should be as many as are allowed, on different trees', async () => {
    expect(await notes(2)).toEqual(['begins', 'begins', 'ends', 'ends']);
  });

  it('should be one where no more are allowed', async () => {
    expect(await notes(1)).toEqual(['begins', 'ends', 'begins', 'ends']);
  });
});
