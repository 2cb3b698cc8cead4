/** Somebody who tries inputs in a process of its own, which can be stopped whatever it does. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Answer, Ask } from './try-inputs.ts';

/** A process that tries one input after another. */
export class Hand {
  #child: ChildProcess | undefined;
  readonly #script: string;
  readonly #limitSeconds: number;

  /** `script` answers each `Ask` that it is sent with an `Answer`; an answer may take `limitSeconds` of processor time. */
  constructor(script: string, limitSeconds: number) {
    this.#script = script;
    this.#limitSeconds = limitSeconds;
  }

  /** What came of it. A process that uses up its time, or waits for five times as long, is ended: that is a defect too. */
  async answer(ask: Ask): Promise<Answer> {
    const child = (this.#child ??= fork(this.#script, {
      execArgv: ['--import', 'tsx', '--max-old-space-size=1500'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    }));
    const { pid } = child;
    const usedBefore = processorSeconds(pid);
    let said = '';
    const hear = (chunk: Buffer): void => void (said += chunk.toString());
    child.stderr?.on('data', hear);
    return new Promise((resolve) => {
      let waited = 0;
      const end = (answer: Answer): void => {
        clearInterval(watch);
        child.off('message', end);
        child.off('exit', died);
        child.stderr?.off('data', hear);
        resolve(answer);
      };
      const give = (detail: string): void => {
        this.close();
        end({ outcome: 'defect', detail });
      };
      const died = (code: number | null): void =>
        give(`the process ended with ${code}: ${said.slice(-2000)}`);
      const watch = setInterval(() => {
        waited += 0.5;
        const used = processorSeconds(pid) - usedBefore;
        if (used > this.#limitSeconds || waited > 5 * this.#limitSeconds + 60)
          give(`no answer after ${used.toFixed(1)} s of processor time`);
      }, 500);
      child.once('message', end);
      child.once('exit', died);
      child.send(ask);
    });
  }

  close(): void {
    this.#child?.removeAllListeners('exit');
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

/** Processor time of a process in seconds; 0 where the system does not say. */
function processorSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
