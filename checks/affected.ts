/** `--affected`: findings in files that changed since a commit, or that reach one that did by any chain of imports. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import type { CheckContext } from './context.ts';
import type { LintResult } from './result.ts';
import type { Runner } from './run.ts';

/** Files whose change may concern every other one. */
const EVERYTHING =
  /(?:^|\/)(?:package(?:-lock)?\.json|pnpm-.*\.yaml|yarn\.lock|[jt]sconfig[^/]*\.json|boundary\.config\.\w+)$/;

/** Absolute paths of files that differ from the common ancestor with a revision, new ones included. */
export function changedFiles(revision: string, folder: string): readonly string[] {
  const root = git(folder, ['rev-parse', '--show-toplevel'], 'the folder is no git repository').trim();
  const base = git(folder, ['merge-base', '--', revision, 'HEAD'], `there is no revision ${revision}`).trim();
  const listed = [
    git(root, ['diff', '--name-only', '-z', '--no-renames', base], 'git diff fails'),
    git(root, ['ls-files', '-z', '--others', '--exclude-standard'], 'git ls-files fails'),
  ];
  const names = listed.flatMap((text) => text.split('\0')).filter((name) => name !== '');
  return [...new Set(names)].sort().map((name) => path.join(root, name));
}

function git(folder: string, options: readonly string[], fault: string): string {
  const { status, stdout, stderr } = spawnSync('git', [...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return stdout;
  throw new InputError(
    `--affected: ${fault}${stderr === '' ? '' : `: ${stderr.trim().split('\n')[0] ?? ''}`}`,
  );
}

/** A runner that also notes which files are concerned. */
export function affectedRunner(runner: Runner, changed: readonly string[]): Runner {
  return (context, rules) => ({ ...runner(context, rules), affected: concerned(context, changed) });
}

function concerned({ compiler, graph, nameOf }: CheckContext, changed: readonly string[]): readonly string[] {
  if (changed.some((file) => EVERYTHING.test(file))) return compiler.files.map(nameOf);
  const found = new Set(changed);
  const importers = new Map<string, string[]>();
  for (const { file, from, tried } of graph.edges) {
    for (const target of file === undefined ? tried : [file]) {
      const known = importers.get(target);
      if (known === undefined) importers.set(target, [from.path]);
      else known.push(from.path);
    }
  }
  const waiting = [...changed];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const importer of importers.get(next) ?? []) {
      if (found.has(importer)) continue;
      found.add(importer);
      waiting.push(importer);
    }
  }
  return [...found].map((file) => nameOf({ path: file }));
}

/** Names of the files that changed or reach changed ones; `undefined` where nobody asked. */
export function concernedFiles({ projects }: LintResult): ReadonlySet<string> | undefined {
  const lists = projects.flatMap(({ affected }) => (affected === undefined ? [] : [affected]));
  return lists.length === 0 ? undefined : new Set(lists.flat());
}

/** Leaves the findings about files that are concerned; all where nobody asked. */
export function onlyAffected(result: LintResult): LintResult {
  const found = concernedFiles(result);
  if (found === undefined) return result;
  const isKept = ({ place, certainty }: LintResult['findings'][number]): boolean =>
    found.has(place.file) || certainty === 'empty-rule' || certainty === 'stale-baseline';
  return { ...result, findings: result.findings.filter(isKept) };
}
