// What else is asked of a project besides what is wrong with it: on every tiny project, by command lines.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from '#base/git.ts';
import { TINY_PROJECTS } from '../checks/tiny/all.ts';
import { holdProjects, type TinyProject, writeProject } from '../checks/tiny/project.ts';
import { conformIn, type Printed } from '../support/conform.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tiny-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder, cacheHome: path.join(folder, '.cache') }, words);
const lint = (...words: string[]): Promise<Printed> =>
  conform('lint', '--project', 'tsconfig.json', '--no-cache', ...words);

interface Place {
  readonly file: string;
  readonly line: number;
}

async function found(...words: string[]): Promise<readonly Place[]> {
  const { out, code } = await lint('--format', 'json', ...words);
  expect(code).toBeLessThan(2);
  return (JSON.parse(out) as { findings: { place: Place }[] }).findings.map(({ place }) => place);
}

/** Those with something to accept: that a rule is empty is said of the rule. */
const WITH_FINDINGS = TINY_PROJECTS.filter(
  ({ finds }) => finds.length > 0 && !finds.some((place) => place.endsWith(' empty-rule')),
);

describe.each(WITH_FINDINGS.map((project) => [project.says, project] as const))('%s', (_says, project) => {
  beforeEach(() => writeProject(folder, project));

  it('should be drawn', async () => {
    expect((await conform('graph', '--project', 'tsconfig.json', '--format', 'json')).code).toBeLessThan(2);
  });

  it('should be clean by a baseline that was just made', async () => {
    const known = path.join(folder, 'known.json');
    await lint('--baseline', known, '--update-baseline', '--accept', 'R');
    expect(await found('--baseline', known)).toEqual([]);
    expect(await found()).not.toEqual([]);
  });

  it('should be clean with an exception above each place', async () => {
    const lines = new Map<string, Set<number>>();
    for (const { file, line } of await found()) lines.set(file, (lines.get(file) ?? new Set()).add(line));
    for (const [file, all] of lines) {
      const text = readFileSync(path.join(folder, file), 'utf8').split('\n');
      for (const line of [...all].sort((a, b) => b - a))
        text.splice(line - 1, 0, '// conform-allow R: as it was');
      writeFileSync(path.join(folder, file), text.join('\n'));
    }
    expect(await found()).toEqual([]);
  });

  it('should show what concerns a file that changed, and nothing when none did', async () => {
    git(folder, ['init', '--quiet']);
    git(folder, ['add', '--all', '--force']);
    const author = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.org'];
    git(folder, [...author, 'commit', '--quiet', '-m', 'all']);
    expect(await found('--affected', 'HEAD')).toEqual([]);
    const all = await found();
    for (const file of new Set(all.map((place) => place.file))) {
      const before = readFileSync(path.join(folder, file), 'utf8');
      appendFileSync(path.join(folder, file), '\n');
      const shown = await found('--affected', 'HEAD');
      for (const place of all.filter((one) => one.file === file))
        expect(shown).toContainEqual(expect.objectContaining({ file, line: place.line }));
      writeFileSync(path.join(folder, file), before);
    }
  });
});

/** The same project once its packages are linked as by npm; nothing for one that has none or comes with links of its own. */
function linked(project: TinyProject): TinyProject[] {
  const names = Object.keys(project.files);
  if (names.some((name) => name.includes('node_modules/')) || project.links !== undefined) return [];
  const links = names.flatMap((file) => {
    const isPackage = file.endsWith('/package.json');
    const text = isPackage ? project.files[file] : undefined;
    const name = text === undefined ? undefined : /"name":\s*"([^"]+)"/.exec(text)?.[1];
    return name === undefined ? [] : [[`node_modules/${name}`, path.dirname(file)] as const];
  });
  if (links.length === 0) return [];
  const says = `${project.says}, packages linked`;
  return [{ ...project, says, links: Object.fromEntries(links) }];
}

holdProjects(TINY_PROJECTS.flatMap(linked));
