/**
 * A workload that can go several ways: a power failure inside an operation leaves one of many images, another task gets in at one
 * of many points, and what follows runs once for each. Each way is a run of its own, which is judged by itself; what is kept is what all of them came to.
 */
import { createHash } from 'node:crypto';
import { counted } from '#base/counted.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import type { Workload } from '../language/workload.ts';
import { digestOfRun } from '../run/digest.ts';
import type { Run } from '../run/run.ts';
import { mergeFindings, type PromiseFinding } from './finding.ts';
import { judgePromise } from './judge.ts';

export interface Ways {
  /** Place in the workload of the operation in which it happens. */
  readonly index: number;
  /** What makes each of them: an image that is booted, or a point at which another task gets in. */
  readonly of: 'image' | 'point';
  /** How many ways were tried, and whether there are no others. */
  readonly count: number;
  /** Points at which the other task would have to wait. */
  readonly blocked: number;
  readonly isComplete: boolean;
  /** What any of them does not give. */
  readonly findings: readonly PromiseFinding[];
  /** How often each result of the operations that go several ways came, by their place in the workload. */
  readonly results: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Ways of one digest came to the same. */
  readonly digest: string;
}

/** Gathers what ways come to, one after another, so that none has to be kept. */
export class WayGatherer {
  readonly #workload: Workload;
  readonly #index: number;
  readonly #of: Ways['of'];
  readonly #hash = createHash('sha256');
  readonly #results = new Map<number, Map<string, number>>();
  #findings: readonly PromiseFinding[] = [];
  #count = 0;
  #blocked = 0;

  constructor(workload: Workload, index: number, of: Ways['of']) {
    this.#workload = workload;
    this.#index = index;
    this.#of = of;
  }

  /** Notes something that can be seen of a way. */
  note(text: string | Uint8Array): void {
    this.#hash.update(text).update('\0');
  }

  addFindings(findings: readonly PromiseFinding[]): void {
    this.#findings = mergeFindings([this.#findings, findings]);
  }

  /** Judges a way. Operations from `from` on go another way each time. */
  addRun(run: Run, from: number): void {
    this.note(digestOfRun(run));
    this.addFindings(judgePromise(this.#workload, run).findings);
    for (const { index, result } of run.outcomes) {
      if (index < from) continue;
      const counts = this.#results.get(index) ?? new Map<string, number>();
      const text = describeResult(result);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      this.#results.set(index, counts);
    }
  }

  countOne(): void {
    this.#count++;
  }

  countBlocked(): void {
    this.#blocked++;
    this.note('blocked');
  }

  ways(isComplete: boolean): Ways {
    const digest = this.#hash.digest('hex').slice(0, 32);
    const [index, count, findings, results] = [this.#index, this.#count, this.#findings, this.#results];
    return { index, of: this.#of, count, blocked: this.#blocked, isComplete, findings, results, digest };
  }
}

/** What an operation came back with, whichever way it went: `any of 20 images: 512`. */
export function resultText({ count, of }: Ways, counts: ReadonlyMap<string, number>): string {
  const any = `any of ${counted(count, of)}`;
  const [only, ...others] = counts;
  if (only !== undefined && others.length === 0) return `${any}: ${only[0]}`;
  const each = Array.from(counts, ([text, times]) => `${text} (${times})`);
  return `${any}: ${each.join(', ')}`;
}

/** How many ways were tried: `20 images tried, there are more`. */
export function waysText({ count, of, blocked, isComplete }: Ways): string {
  const waits = blocked === 0 ? '' : `, ${counted(blocked, of)} at which the other task would wait`;
  return `${counted(count, of)} tried${waits}, ${isComplete ? 'there are no others' : 'there are more'}`;
}

export function imagesText(count: number, isComplete: boolean): string {
  return `${counted(count, 'image')} tried, ${isComplete ? 'there are no others' : 'there are more'}`;
}
