/** One `git cat-file --batch` for a run: contents of blobs by id. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { OFFLINE } from './grep.ts';

export interface Blobs {
  /** Contents as Latin-1, in the order asked for; nothing for what is not here. */
  readonly read: (
    ids: readonly string[],
    use: (index: number, text: string | undefined) => void,
  ) => Promise<void>;
  readonly close: () => void;
}

interface Waiting {
  readonly take: (text: string | undefined) => void;
  readonly fail: (error: Error) => void;
}

/** Starts nothing until something is read. */
export function openBlobs(folder: string, environment: Readonly<Record<string, string>> = {}): Blobs {
  let child: ChildProcessWithoutNullStreams | undefined;
  let waiting: Waiting[] = [];
  const end = (): void => {
    child = undefined;
    const left = waiting;
    waiting = [];
    for (const { fail } of left) fail(new Error('git cat-file ended'));
  };
  const start = (): ChildProcessWithoutNullStreams => {
    const made = spawn('git', ['cat-file', '--batch'], {
      cwd: folder,
      env: { ...process.env, ...OFFLINE, ...environment },
    });
    const parse = parser(() => waiting.shift());
    made.stdout.on('data', parse);
    made.stderr.resume();
    made.stdin.on('error', () => undefined);
    made.on('error', end);
    made.on('close', end);
    return made;
  };
  return {
    read: (ids, use) =>
      new Promise((resolve, reject) => {
        if (ids.length === 0) return resolve();
        let left = ids.length;
        child ??= start();
        for (const index of ids.keys()) {
          const take = (text: string | undefined): void => {
            use(index, text);
            left -= 1;
            if (left === 0) resolve();
          };
          waiting.push({ take, fail: reject });
        }
        child.stdin.write(`${ids.join('\n')}\n`);
      }),
    close: () => child?.stdin.end(),
  };
}

/** Reads answers: `ID blob SIZE`, a line end, the content, a line end; or `ID missing`. */
function parser(next: () => Waiting | undefined): (data: Buffer) => void {
  let parts: Buffer[] = [];
  let have = 0;
  let size: number | undefined;
  const joined = (): Buffer => {
    const all = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    parts = [all];
    return all;
  };
  return (data) => {
    parts.push(data);
    have += data.length;
    for (;;) {
      if (size === undefined) {
        const all = joined();
        const end = all.indexOf(10);
        if (end < 0) return;
        const words = all.subarray(0, end).toString('latin1').split(' ');
        parts = [all.subarray(end + 1)];
        have -= end + 1;
        if (words[1] === 'blob') size = Number(words[2]);
        else next()?.take(undefined);
      } else {
        if (have < size + 1) return;
        const all = joined();
        const text = all.toString('latin1', 0, size);
        parts = [all.subarray(size + 1)];
        have -= size + 1;
        size = undefined;
        next()?.take(text);
      }
    }
  };
}
