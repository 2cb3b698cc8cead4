/** A target without trees: workload n is its number as text, and every tenth shows something. Notes what was tried in a file. */
import { appendFileSync } from 'node:fs';
import type { FuzzFinding, FuzzJudgement, FuzzTarget } from '#engine/fuzz/target.ts';

export interface ToyOptions {
  /** File that hears of every workload that is tried; nobody when absent. */
  readonly log?: string;
}

const finding = (text: string): FuzzFinding => ({
  kind: 'wrong result',
  cause: 'ten',
  workload: { name: 'toy', text },
  text: `${text} ends in a zero`,
  before: 'one',
  after: 'other',
});

const judgeText = (text: string): FuzzJudgement => ({
  findings: text.endsWith('0') ? [finding(text)] : [],
  counted: Number(text) % 2 === 0 ? ['even'] : [],
});

export async function openFuzz({ log }: ToyOptions): Promise<FuzzTarget> {
  return {
    judge: (number) => {
      if (log !== undefined) appendFileSync(log, `${number}\n`);
      return judgeText(`workload ${number}`);
    },
    judgeText,
    *simpler(text) {
      for (let start = 1; start < text.length; start++) yield text.slice(start);
    },
    replay: (text) => `toy ${text}`,
  };
}
