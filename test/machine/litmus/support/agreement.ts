/** Holds the explorer to the second machine: image sets, and every crash and final observation as a question. */
import { explore } from '../../../../machine/litmus/explorer.ts';
import { type LitmusMachine, machineFromWords } from '../../../../machine/litmus/machine-switches.ts';
import type { LitmusProgram, Question } from '../../../../machine/litmus/program.ts';
import { exploreWindow } from './window-machine.ts';

/** The machine with that name; throws for a wrong one. */
export function machineNamed(name: string): LitmusMachine {
  const machine = machineFromWords(name.split('+'));
  if (typeof machine === 'string') throw new Error(`${name}: expected ${machine}`);
  return machine;
}

/** Image sets as sorted text, so that two machines can be compared. */
export function imageTexts(images: readonly (readonly unknown[])[], words: readonly string[]): string[] {
  return images
    .map((image) =>
      image
        .map((value, index) => `${words[index]}=${String(value)}`)
        .sort()
        .join(' '),
    )
    .sort();
}

/** What differs between the two machines, or `undefined`. */
export function disagreement(
  program: LitmusProgram,
  machine: LitmusMachine,
  questions: readonly Question[],
): string | undefined {
  const first = explore(program, { machine });
  const second = exploreWindow(program, machine);
  const ours = imageTexts(first.images, first.imageWords).join(' | ');
  const theirs = [...second.images]
    .map((image) => image.split(' ').sort().join(' '))
    .sort()
    .join(' | ');
  if (ours !== theirs) return `images: explorer ${ours}; second machine ${theirs}`;
  for (const question of questions) {
    const answers = [first.answers(question), second.allows(question)];
    if (answers[0] !== answers[1])
      return `${question.kind} ${question.text}: explorer ${answers[0]}, second machine ${answers[1]}`;
  }
  return undefined;
}
