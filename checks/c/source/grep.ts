/** `git grep` for the names of files, in a folder or a commit; what git could not read is told, not passed over. */
import { spawn } from 'node:child_process';
import { InputError } from '#base/input-error.ts';

export interface Grepped {
  readonly files: readonly string[];
  /** Files git said it could not read. */
  readonly missing: readonly string[];
}

/** Nothing may be fetched: a file that is not here is told as such. */
export const OFFLINE: Readonly<Record<string, string>> = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

/** Files that match, by PCRE where git has it, else by extended expressions. Throws `InputError`. */
export async function grepFiles(folder: string, where: readonly string[], pattern: string, paths: readonly string[]): Promise<Grepped> {
  for (const syntax of ['-P', '-E']) {
    const given = ['grep', '-lz', '--threads=1', '-I', syntax, ...where.filter((word) => word.startsWith('-')), '-e', pattern, ...where.filter((word) => !word.startsWith('-')), '--', ...paths];
    const { status, out, problem } = await run(folder, given);
    if (status === 0 || status === 1) return { files: namesIn(out), missing: missingIn(problem) };
    if (syntax === '-P' && /PCRE|Perl/i.test(problem)) continue;
    // Blobs that are not here make git end with an error although it went on.
    const missing = missingIn(problem);
    if (missing.length > 0) return { files: namesIn(out), missing };
    throw new InputError(`git grep failed in ${folder}: ${problem.trim().split('\n')[0] ?? ''}`);
  }
  throw new InputError('git grep knows neither -P nor -E.');
}

/** `REVISION:file` or `file`. */
function namesIn(out: string): readonly string[] {
  return out
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^[0-9a-f]{40,64}:/, ''));
}

function missingIn(problem: string): readonly string[] {
  const found = [...problem.matchAll(/'(?:[0-9a-f]{40,64}:)?([^'\n]+)': (?:unable to read|Permission denied|No such file)/g)];
  return [...new Set(found.map((match) => match[1] ?? ''))];
}

function run(folder: string, given: readonly string[]): Promise<{ readonly status: number; readonly out: string; readonly problem: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...given], { cwd: folder, env: { ...process.env, ...OFFLINE }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const problems: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => problems.push(data));
    child.on('error', (error) => reject(new InputError(`git cannot be run: ${error.message}`)));
    child.on('close', (status) => resolve({ status: status ?? 2, out: Buffer.concat(out).toString(), problem: Buffer.concat(problems).toString() }));
  });
}
