/** What a thread does: opens the target it is given, and answers each range of numbers with its batch. */
import { parentPort, workerData } from 'node:worker_threads';
import { runBatch } from './batch.ts';
import { type FuzzPlan, type FuzzTarget, openTarget } from './target.ts';
import type { Answer, Range } from './workers.ts';

export async function answerRanges(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('only a thread answers ranges');
  const opened = openTarget(workerData as FuzzPlan);
  port.on('message', ({ from, to }: Range) => {
    void opened.then((target) => port.postMessage(answer(target, from, to)));
  });
  await opened;
}

function answer(target: FuzzTarget, from: number, to: number): Answer {
  try {
    return { batch: runBatch(target, from, to) };
  } catch (error) {
    return { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
