/** The workloads of a probe: files, what a command makes of seeds, or one that is empty where there is nothing to vary. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { matcherOf } from '#base/globs.ts';
import { InputError } from '#base/input-error.ts';
import { filesBelow } from '#base/tree-files.ts';
import type { Workload } from '../subject.ts';
import type { GeneratedWorkloads, ProbeOptions } from './options.ts';

/** All workloads, files first. Throws `InputError` for a glob without files, and when the command fails. */
export function workloadsOf({ root, workloads, generate }: ProbeOptions): Workload[] {
  const all = [
    ...(workloads ?? []).flatMap((glob) => filesOf(root, glob)),
    ...(generate === undefined ? [] : generated(root, generate)),
  ];
  return workloads === undefined && generate === undefined ? [{ name: 'no workload', text: '' }] : all;
}

function filesOf(root: string, glob: string): Workload[] {
  const { base } = picomatch.scan(glob);
  const isMeant = matcherOf([glob]);
  const folder = join(root, base);
  const files =
    base === glob
      ? [glob].filter((name) => existsSync(join(root, name)))
      : existsSync(folder)
        ? filesBelow(folder).map((name) => (base === '' ? name : `${base}/${name}`))
        : [];
  const found = files.filter((name) => base === glob || isMeant(name));
  if (found.length === 0)
    throw new InputError(`no workload in '${glob}': there is no such file below ${root}`);
  return found.map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
}

function generated(root: string, { command, count }: GeneratedWorkloads): Workload[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = index + 1;
    const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', `${command} ${seed}`], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CONFORM_PROJECT: root },
    });
    if (status !== 0)
      throw new InputError(
        `'${command} ${seed}' was to print a workload and ended with ${status ?? signal}:\n  ${stderr.trim().replaceAll('\n', '\n  ')}`,
      );
    return { name: `seed ${seed}`, text: stdout };
  });
}

/** Workloads with lines left out: halves first, single lines last. */
export function* withFewerLines(text: string): Iterable<string> {
  const end = text.endsWith('\n') ? '\n' : '';
  const lines = text.slice(0, text.length - end.length).split('\n');
  for (let size = Math.ceil(lines.length / 2); size >= 1 && lines.length > 1; size = Math.floor(size / 2))
    for (let start = lines.length - size; start > -size; start -= size) {
      const first = Math.max(0, start);
      const kept = lines.toSpliced(first, size + Math.min(0, start));
      if (kept.length > 0 && kept.length < lines.length) yield kept.join('\n') + end;
    }
}

/** What the user's own command says is simpler; nothing when it fails. */
export function simplerByCommand(root: string, command: string, text: string): string[] {
  const { status, stdout } = spawnSync('sh', ['-c', command], {
    cwd: root,
    input: text,
    encoding: 'utf8',
    env: { ...process.env, CONFORM_PROJECT: root },
  });
  if (status !== 0 || stdout === '') return [];
  return stdout.split(/^---\r?\n/m);
}
