/** Who tries batches: this thread, or several threads that each open the target for themselves. */
import { Worker } from 'node:worker_threads';
import { type Batch, runBatch } from './batch.ts';
import { isSource, moduleUrl } from '#base/own-package.ts';
import { type FuzzPlan, openTarget } from './target.ts';

/** A range of numbers of workloads, `to` excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Somebody who tries batches, one at a time. */
export interface Hand {
  run(range: Range): Promise<Batch>;
  /** Lets it go; what it is doing is given up. */
  close(): Promise<void>;
}

/** `count` hands; a single one is this thread. */
export async function hands(plan: FuzzPlan, count: number): Promise<Hand[]> {
  if (count > 1) return Array.from({ length: count }, () => threadHand(plan));
  const target = await openTarget(plan);
  const run = async ({ from, to }: Range): Promise<Batch> => {
    // Lets signals and progress come in between.
    await new Promise((resolve) => setImmediate(resolve));
    return runBatch(target, from, to);
  };
  return [{ run, close: () => Promise.resolve() }];
}

/** What a thread answers. */
export type Answer = { readonly batch: Batch } | { readonly problem: string };

/** A thread of its own must learn to run TypeScript first. */
const workerUrl = (): URL =>
  new URL(isSource ? new URL('worker.mjs', import.meta.url) : moduleUrl('engine/fuzz/worker.ts'));

function threadHand(plan: FuzzPlan): Hand {
  const thread = new Worker(workerUrl(), { workerData: plan });
  return {
    run: (range) =>
      new Promise((resolve, reject) => {
        const settle = (answer: Answer): void => {
          thread.off('error', reject);
          if ('batch' in answer) resolve(answer.batch);
          else reject(new Error(answer.problem));
        };
        thread.once('message', settle);
        thread.once('error', reject);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        thread.postMessage(range);
      }),
    close: async () => void (await thread.terminate()),
  };
}
