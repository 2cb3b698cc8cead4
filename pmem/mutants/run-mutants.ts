/** Tries many mutants in parallel: hands them out to workers, replaces those that hang, keeps what is known. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { EvidenceStore, Table } from '#engine/store.ts';
import type { Mutant } from './mutants.ts';
import type { MutantVerdict } from './verdict.ts';
import type { Answer, Task } from './worker.ts';

export interface MutantRequest {
  readonly root: string;
  /** A folder that mutants are written to. */
  readonly folder: string;
  readonly mutants: readonly Mutant[];
  readonly workers: number;
  readonly store: EvidenceStore;
  readonly table: Table<MutantVerdict>;
  readonly onVerdict?: (done: number, total: number, verdict: MutantVerdict) => void;
}

/** Milliseconds without a sign of life after which a mutant is taken to never end; the first one waits for the originals too. */
const SILENCE_MS = 30_000;
const FIRST_SILENCE_MS = 180_000;

/** Mutants that one process tries: modules are never unloaded. */
const EACH_PROCESS = 40;

/** Bytes of heap of a worker, in MiB. */
const HEAP_MB = 1500;

/** The verdicts on all mutants, in their order. */
export async function runMutants(request: MutantRequest): Promise<MutantVerdict[]> {
  const { mutants, workers, store, table } = request;
  const missing = mutants.filter(({ id }) => table.get(id) === undefined);
  const queue = [...missing];
  let done = 0;
  const note = (verdict: MutantVerdict): void => {
    table.set(verdict.id, verdict);
    store.save();
    request.onVerdict?.(++done, missing.length, verdict);
  };
  await Promise.all(
    Array.from({ length: Math.min(workers, missing.length) }, () => workOff(request, queue, note)),
  );
  return mutants.flatMap(({ id }) => table.get(id) ?? []);
}

/** Takes mutants from the queue until it is empty, in one process after another. */
async function workOff(
  { root, folder }: MutantRequest,
  queue: Mutant[],
  note: (verdict: MutantVerdict) => void,
): Promise<void> {
  let worker: Worker | undefined;
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    worker ??= new Worker();
    note(await worker.try({ root, folder, mutant }));
    if (worker.isFit) continue;
    worker.end();
    worker = undefined;
  }
  worker?.end();
}

class Worker {
  readonly #process: ChildProcess;
  #tried = 0;
  #isDead = false;

  constructor() {
    this.#process = fork(join(import.meta.dirname, 'worker.ts'), {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  get isFit(): boolean {
    return !this.#isDead && this.#tried < EACH_PROCESS;
  }

  /** Tries one mutant. Silence and an early end are verdicts too. */
  try(task: Task): Promise<MutantVerdict> {
    const silence = this.#tried++ === 0 ? FIRST_SILENCE_MS : SILENCE_MS;
    return new Promise((resolve) => {
      const end = (verdict: MutantVerdict): void => {
        clearTimeout(timer);
        this.#process.removeAllListeners();
        resolve(verdict);
      };
      const fail = (by: string): void => {
        this.#isDead = true;
        end({ id: task.mutant.id, killedBy: 'result', by, isWeaker: false });
      };
      let timer = setTimeout(fail, silence, 'does not end');
      this.#process.on('message', (answer: Answer) => {
        if ('verdict' in answer) return end(answer.verdict);
        clearTimeout(timer);
        timer = setTimeout(fail, SILENCE_MS, 'does not end');
      });
      this.#process.on('exit', () => fail('takes the process down'));
      this.#process.send(task);
    });
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}
