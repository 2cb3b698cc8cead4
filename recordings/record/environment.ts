/** What recording needs of the machine it runs on, and the one command that installs what is not there. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InputError } from '#base/input-error.ts';

/** Programs with the Debian packages that hold them. */
const NEEDED = [
  { name: 'qemu', programs: ['qemu-x86_64'], packages: ['qemu-user'] },
  { name: 'a C compiler', programs: ['cc', 'gcc', 'clang', 'tcc'], packages: ['gcc', 'libc6-dev'] },
] as const;

export interface RecorderTools {
  readonly qemu: string;
  readonly compiler: string;
  /** Words before the command: fixed addresses, a process namespace of its own, as far as it is allowed. */
  readonly wrapper: readonly string[];
  /** What could not be made the same for every run, a sentence each. */
  readonly notes: readonly string[];
}

/** Where a program lies; `undefined` when there is none. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

/** Finds everything. Throws `InputError` with the command that installs what is missing. */
export function findTools(path = process.env['PATH'] ?? ''): RecorderTools {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new InputError(
      `recording works on Linux on x86-64, and this is ${process.platform} on ${process.arch}; recordings can be compared anywhere`,
    );
  const compilers = [process.env['CC'] ?? 'cc', ...NEEDED[1].programs];
  const qemu = findProgram('qemu-x86_64', path);
  const compiler = compilers.map((name) => findProgram(name, path)).find((found) => found !== undefined);
  const missing = [
    ...(qemu === undefined ? [NEEDED[0]] : []),
    ...(compiler === undefined ? [NEEDED[1]] : []),
  ];
  if (qemu === undefined || compiler === undefined)
    throw new InputError(
      `recording needs ${missing.map(({ name }) => name).join(' and ')}, not found here\n  install: ${installCommand(missing.flatMap(({ packages }) => packages))}`,
    );
  checkVersion(qemu);
  return { qemu, compiler, ...determinism(path) };
}

/** The command for Debian and its kin; binutils tell which line of a source an instruction is of. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${[...packages, 'binutils'].join(' ')}`;
}

/** The plugin speaks version 1 of QEMU's interface: 6 to 8. */
function checkVersion(qemu: string): void {
  const text = spawnSync(qemu, ['--version'], { encoding: 'utf8' }).stdout;
  const major = Number(/version (\d+)\./.exec(text)?.[1]);
  if (major >= 6 && major <= 8) return;
  throw new InputError(
    `${qemu} is ${text.split('\n')[0]}: the recorder is tried with QEMU 7.2 and speaks to versions 6 to 8\n  allowed: such a qemu-x86_64 first in PATH`,
  );
}

function determinism(path: string): Pick<RecorderTools, 'wrapper' | 'notes'> {
  const setarch = findProgram('setarch', path);
  const unshare = findProgram('unshare', path);
  const notes: string[] = [];
  const wrapper: string[] = [];
  const namespace = [
    ['--pid', '--fork'],
    ['--user', '--map-current-user', '--pid', '--fork'],
  ].find((words) => unshare !== undefined && spawnSync(unshare, [...words, 'true']).status === 0);
  // The first process of a namespace ignores signals that it sends itself, so a shell is that.
  if (unshare !== undefined && namespace !== undefined)
    wrapper.push(unshare, ...namespace, 'sh', '-c', '"$@"; exit $?', 'sh');
  else
    notes.push('no namespace for processes here: numbers of processes and threads may differ between runs');
  if (setarch !== undefined && spawnSync(setarch, ['x86_64', '-R', 'true']).status === 0)
    wrapper.push(setarch, 'x86_64', '-R');
  else
    notes.push(
      'addresses cannot be fixed here (setarch -R): pointers that a program stores may differ between runs',
    );
  return { wrapper, notes };
}
