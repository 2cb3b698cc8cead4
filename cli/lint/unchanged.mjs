// Says again what a `conform lint` said, when nothing it was made from has changed: plain JavaScript without imports of the
// tool, since loading the tool would take longer than the answer. Whatever is in doubt is left to the tool.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Time stamps this close to the moment of recording may hide a change. */
const DOUBT_MS = 2000;

/** Where the answer to a command line is kept. Throws for a user without a home. */
function recordFile(argumentsGiven) {
  const given = process.env.XDG_CACHE_HOME ?? '';
  const cache = path.isAbsolute(given) ? given : path.join(homedir(), '.cache');
  if (!path.isAbsolute(cache)) throw new Error('no home');
  const question = [
    process.cwd(),
    argumentsGiven,
    process.stdout.isTTY === true,
    process.env.NO_COLOR,
    process.version,
  ];
  const name = createHash('sha256')
    .update(JSON.stringify([question, import.meta.url]))
    .digest('hex')
    .slice(0, 32);
  return path.join(cache, 'pmem-conform', 'lint', `said-${name}.json`);
}

/** What tells that a file or folder is the one of before; 0 when it is not there. */
function stampOf(name) {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(name);
    return [mtimeMs, ctimeMs, size, ino];
  } catch {
    return 0;
  }
}

/** Prints an earlier answer and returns its exit code; `undefined` when there is none that still holds. */
export function sayAgain(argumentsGiven) {
  if (argumentsGiven[0] !== 'lint') return undefined;
  try {
    const { names, stamps, recordedMs, out, error, code } = JSON.parse(
      readFileSync(recordFile(argumentsGiven), 'utf8'),
    );
    for (let index = 0; index < names.length; index += 1) {
      const now = stampOf(names[index]);
      const then = stamps[index];
      if (now === 0 || then === 0) {
        if (now !== then) return undefined;
      } else if (now.some((value, at) => value !== then[at]) || now[1] > recordedMs - DOUBT_MS)
        return undefined;
    }
    process.stderr.write(error);
    process.stdout.write(out);
    return code;
  } catch {
    // Never said, or cut off.
    return undefined;
  }
}

/** Keeps an answer with the names of everything it was made from. What cannot be written is not kept. */
export function keepSaid(argumentsGiven, names, { out, error, code }) {
  try {
    const file = recordFile(argumentsGiven);
    const record = { names, stamps: names.map(stampOf), recordedMs: Date.now(), out, error, code };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(record));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A cache that cannot be written only costs time.
  }
}
