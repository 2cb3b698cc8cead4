/**
 * Records a program: builds the plugin, runs the program under QEMU on a copy of its file with everything that differs
 * between runs held fixed, and writes the recording with the lines of source that its instructions belong to.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { packageFolder } from '#base/own-package.ts';
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import { withSources } from './add-sources.ts';
import { findProgram, type RecorderTools } from './environment.ts';

export interface RecordRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  /** The file in persistent memory, as the arguments name it; absent: guessed. */
  readonly file?: string | undefined;
  readonly out: string;
  readonly serial: boolean;
  /** Run on the file itself. */
  readonly inPlace: boolean;
  readonly folder: string;
}

export interface RecordOutcome {
  readonly file: string;
  readonly exitCode: number;
  readonly isChanged: boolean;
}

const PLUGIN = join(packageFolder, 'recorder', 'pmrec.c');

/** Extensions that files in persistent memory usually have. */
const LIKELY = /\.(img|pool|pm|pmem|pmdk|dax)$/;

/** Records. Throws `InputError` when the program cannot be run or dies of an instruction, or the recording not be written. */
export async function recordProgram(request: RecordRequest, tools: RecorderTools): Promise<RecordOutcome> {
  const program = programPath(request);
  const file = request.file ?? guessedFile(request);
  checkWritable(request.out);
  const folder = ownFolder();
  try {
    const plugin = join(folder, 'pmrec.so');
    buildPlugin(tools, plugin);
    const raw = join(folder, 'raw.jsonl');
    const place = request.inPlace ? resolve(request.folder, file) : join(folder, 'files', basename(file));
    if (!request.inPlace) copyOf(resolve(request.folder, file), place);
    const words = request.arguments.map((word) => (request.inPlace ? word : word.replaceAll(file, place)));
    const status = run(request, tools, { plugin, raw, place, program, words });
    if (!existsSync(raw)) throw new InputError(`${printable(program)}: nothing was recorded`);
    await withSources(raw, program, request.out);
    return { file, exitCode: status, isChanged: request.inPlace };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function programPath({ program, folder }: RecordRequest): string {
  const path = program.includes('/') ? resolve(folder, program) : findProgram(program);
  if (path === undefined || !existsSync(path)) throw new InputError(`${printable(program)}: no such program`);
  if (!isFile(path))
    throw new InputError(`${printable(program)}: expected a program, found a folder or device`);
  const head = startOf(path);
  if (head.toString('latin1', 0, 4) === '\x7fELF' && head[4] === 2 && head[18] === X86_64) return path;
  throw new InputError(
    `${printable(program)}: expected a program for Linux on x86-64 (ELF)${head.toString('latin1', 0, 2) === '#!' ? ', found a script\n  allowed: its interpreter, with the script as an argument' : ''}`,
  );
}

/** `e_machine` of an ELF file. */
const X86_64 = 62;

function startOf(path: string): Buffer {
  const start = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return start;
}

/** Throws `InputError` where the recording could not be written, before the program runs. */
function checkWritable(out: string): void {
  try {
    accessSync(dirname(out), constants.W_OK);
    if (existsSync(out)) accessSync(out, constants.W_OK);
  } catch (error) {
    throw new InputError(
      `--out ${printable(out)}: cannot be written (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (existsSync(out) && !isFile(out)) throw new InputError(`--out ${printable(out)}: expected a file`);
}

function guessedFile({ arguments: words, folder }: RecordRequest): string {
  const found =
    words.find((word) => LIKELY.test(word)) ?? words.find((word) => isFile(resolve(folder, word)));
  if (found !== undefined) return found;
  throw new InputError(
    'which file is persistent memory? None of the arguments looks like one\n  say it: --file PATH, as the arguments of the program name it',
  );
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The first free of a few fixed names, because a path that a program stores must not differ between runs. */
function ownFolder(): string {
  for (let number = 0; number < 1000; number++) {
    const folder = join(tmpdir(), `conform-record-${String(number).padStart(3, '0')}`);
    try {
      mkdirSync(folder);
      mkdirSync(join(folder, 'files'));
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new InputError(
    `${join(tmpdir(), 'conform-record-*')}: all names are taken\n  delete what recordings that were killed left`,
  );
}

function copyOf(file: string, place: string): void {
  if (isFile(file)) copyFileSync(file, place);
}

function buildPlugin({ compiler }: RecorderTools, plugin: string): void {
  const built = spawnSync(compiler, ['-O2', '-shared', '-fPIC', PLUGIN, '-o', plugin], { encoding: 'utf8' });
  if (built.status !== 0)
    throw new InputError(
      `${compiler} cannot build the recorder: ${printable(built.stderr.trim().split('\n')[0] ?? '')}`,
    );
}

function run(
  { serial, folder }: RecordRequest,
  { qemu, wrapper }: RecorderTools,
  at: { plugin: string; raw: string; place: string; program: string; words: readonly string[] },
): number {
  const plugin = `${at.plugin},path=${at.place},out=${at.raw}${serial ? ',serial=on' : ''}`;
  const command = [
    ...wrapper,
    qemu,
    '-cpu',
    'max',
    '-singlestep',
    '-seed',
    '1',
    '-plugin',
    plugin,
    at.program,
    ...at.words,
  ];
  const [first = '', ...rest] = command;
  const ended = spawnSync(first, rest, {
    cwd: folder,
    stdio: ['inherit', process.stderr, 'inherit'],
    env: { ...process.env, PMEM_IS_PMEM_FORCE: '1', PMEM_MMAP_HINT: '0x100000000000' },
  });
  const signal = ended.signal ?? signalOf(ended.status ?? 0);
  if (signal === 'SIGILL')
    throw new InputError(
      `${printable(at.program)} died of an instruction that QEMU does not know (SIGILL): AVX-512, movdiri and movdir64b cannot be recorded\n  build it without -mavx512* (libraries that ask the processor choose AVX by themselves)`,
    );
  if (signal !== undefined)
    throw new InputError(
      `${printable(at.program)} was killed by ${signal}, so the recording has no end\n  run it alone on a copy of its file: where it dies there too, the program is at fault and not the recorder`,
    );
  return ended.status ?? 0;
}

const SIGNALS: Readonly<Record<number, string>> = {
  132: 'SIGILL',
  134: 'SIGABRT',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  135: 'SIGBUS',
  143: 'SIGTERM',
};

const signalOf = (status: number): string | undefined => SIGNALS[status];
