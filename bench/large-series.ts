/** A repository of 60 commits, one of which rewrites many files: what a large series asks of the book. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '#base/git.ts';

/** What is in it. `lines` is about how many lines the large commit takes out and puts in. */
export const LARGE = { commits: 60, step: 30, files: 40, lines: 20_000 } as const;

const CONFIGURATION = `range: base..HEAD
probe: { run: cat value, workloads: [workloads/*], dimensions: { result: } }
`;

/** Lines of a file; those of another `version` differ in a word each, but for one in ten. */
const textOf = (file: number, version: number): string =>
  Array.from({ length: LARGE.lines / LARGE.files / 2 / 0.9 }, (_, line) =>
    line % 10 === 0
      ? `// ${file}, ${line}\n`
      : `  value${file} = compute(${line}, ${version === 0 ? 'oldWay' : 'newWay'}, offset + ${line * 8});\n`,
  ).join('');

/** Makes it in a folder that is not there yet; returns the folder. */
export function makeLargeSeries(folder: string): string {
  mkdirSync(join(folder, 'workloads'), { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const commit = (subject: string): void => {
    git(folder, ['add', '--all']);
    git(folder, ['-c', 'user.name=bench', '-c', 'user.email=bench@invalid', 'commit', '-q', '-m', subject]);
  };
  const rewrite = (version: number): void => {
    for (let file = 0; file < LARGE.files; file++) write(`file-${file}.ts`, textOf(file, version));
  };
  write('workloads/one', '1\n');
  write('conform.config.yaml', CONFIGURATION);
  write('value', 'result\t\tone\n');
  rewrite(0);
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  commit('base');
  git(folder, ['branch', 'base']);
  for (let step = 1; step <= LARGE.commits; step++) {
    if (step === LARGE.step) rewrite(1);
    else write(`small-${step}.ts`, `export const step = ${step};\n`.repeat(20));
    commit(`Commit ${step}`);
  }
  return folder;
}
