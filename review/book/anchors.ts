/**
 * Addresses within the book. They say what they lead to and not where it stands, so that a link made today is good in the book of
 * the next version: the step, then the file, line, claim or failure by its own name.
 */

/** Text as part of an address: what may not stand in one is written as `~` and its code. No two texts have the same. */
export function addressOf(text: string): string {
  return text.replaceAll(/[^\w.$/:@+-]/gu, (character) => `~${character.codePointAt(0)?.toString(16)}~`);
}

/** What the book holds: links lead only to what is there. */
export interface Contents {
  readonly hasStep: (step: number) => boolean;
  /** Whether a step of the book changes a file. */
  readonly changesFile: (step: number, file: string) => boolean;
}

export const stepAddress = (step: number): string => `step-${step}`;

/** A part of a step's page: `failures`, `claims`, `timeline`, `diff`, `callers`, `notes`. */
export const partAddress = (step: number, part: string): string => `step-${step}-${part}`;

export const failureAddress = (step: number, number: number): string => `step-${step}-failure-${number}`;

export const claimAddress = (step: number, id: string): string => `step-${step}-claim-${addressOf(id)}`;

export const fileAddress = (step: number, file: string): string => `step-${step}-file-${addressOf(file)}`;

/** A hunk by the line of the new file that it begins at. */
export const hunkAddress = (step: number, file: string, start: number): string =>
  `step-${step}-hunk-${addressOf(file)}@${start}`;

/** A line of the new file; of the old one where `isOld`. */
export const lineAddress = (step: number, file: string, line: number, isOld = false): string =>
  `step-${step}-line-${addressOf(file)}:${isOld ? '-' : ''}${line}`;

/** A variant on the cover. */
export const variantAddress = (name: string): string => `variant-${addressOf(name)}`;
