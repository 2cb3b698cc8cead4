/** The process that tries inputs: it is told a kind and a number, and answers what came of it. One that never answers is stopped from outside. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { Random } from '#engine/fuzz/random.ts';
import { main } from '../../cli/main.ts';
import { type Kind, KINDS, inputOf } from './kinds.ts';

/** What to try: input `number` of a kind. */
export interface Ask {
  readonly kind: string;
  readonly seed: number;
  readonly number: number;
}

/** `taken` and `refused` are answers; a defect is an error that nobody expected, or an answer that says nothing. */
export interface Answer {
  readonly outcome: 'taken' | 'refused' | 'defect';
  readonly detail: string;
}

const folder = mkdtempSync(join(tmpdir(), 'conform-inputs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ready = new Map<Kind, string>();

/** The folder of a kind, set up. */
function folderOf(kind: Kind): string {
  const known = ready.get(kind);
  if (known !== undefined) return known;
  const own = join(folder, kind.name.replaceAll(' ', '-'));
  mkdirSync(own);
  kind.setUp?.(own);
  ready.set(kind, own);
  return own;
}

async function answerTo({ kind: name, seed, number }: Ask): Promise<Answer> {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new RangeError(`no kind ${name}`);
  const text = inputOf(kind, new Random(seed, number));
  const own = folderOf(kind);
  const file = join(own, 'input');
  writeFileSync(file, text, kind.isBinary ? 'latin1' : 'utf8');
  try {
    const trial = kind.trial(file, text, own);
    if ('args' in trial) return await run(trial.args, own);
    trial.call();
    return { outcome: 'taken', detail: '' };
  } catch (error) {
    if (error instanceof InputError) return { outcome: 'refused', detail: error.message };
    return {
      outcome: 'defect',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/** Runs the tool. Refusing without a word is a defect, and so is printing escapes that came from outside. */
async function run(args: readonly string[], own: string): Promise<Answer> {
  let said = '';
  let printed = '';
  const exitCode = await main(args, {
    write: (text) => void (printed += text),
    writeError: (text) => void (said += text),
    color: false,
    progress: false,
    cacheDir: join(own, 'cache'),
    folder: own,
    exitCode: 0,
  });
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  if (/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/.test(said + printed))
    return {
      outcome: 'defect',
      detail: `control characters are printed: ${JSON.stringify((said + printed).slice(0, 400))}`,
    };
  if (exitCode < 2) return { outcome: 'taken', detail: '' };
  if (exitCode === 2 && (said + printed).trim() !== '') return { outcome: 'refused', detail: said };
  return { outcome: 'defect', detail: `exit code ${exitCode}: ${said.slice(0, 400)}` };
}

process.on('message', (ask: Ask) => {
  void answerTo(ask).then((answer) => process.send?.(answer));
});
