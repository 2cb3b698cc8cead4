/** How an operation of the workload language is written: its words, their meaning, reading and writing them. */
import type { Operation } from '#kernel/subsystem/operation.ts';
import { type WordReader, formatSize } from './words.ts';
import type { CrashStep } from './workload.ts';

/** One step of a workload. */
export type Step = Operation | CrashStep;
export type StepOf<Kind extends Step['kind']> = Step & { readonly kind: Kind };

/** How one operation is written. */
export interface OperationNotation {
  /** The first word or words. */
  readonly name: string;
  /** The words after it. */
  readonly usage: string;
  readonly meaning: string;
  readonly kinds: readonly Step['kind'][];
  readonly parse: (reader: WordReader) => Step;
  readonly format: (step: Step) => string;
}

/** Makes an entry for one kind, whose `format` sees only that kind. */
export function notation<Kind extends Step['kind']>(
  kind: Kind,
  name: string,
  usage: string,
  meaning: string,
  parse: (reader: WordReader) => StepOf<Kind>,
  format: (step: StepOf<Kind>) => string,
): OperationNotation {
  return {
    name,
    usage,
    meaning,
    kinds: [kind],
    parse,
    format: (step) => `${name} ${format(step as StepOf<Kind>)}`.trim(),
  };
}

export const DISK_ALLOWED = 'a disk, such as pmem0, ram0 or dm-0';

export const at = (offset: number): string => `@${formatSize(offset)}`;

export function diskOperation(
  kind: 'flush' | 'kill' | 'detach' | 'attach' | 'shutdown',
  meaning: string,
): OperationNotation {
  return notation(
    kind,
    kind,
    'DISK',
    meaning,
    (reader) => ({ kind, disk: reader.take(DISK_ALLOWED).text }) as StepOf<typeof kind>,
    ({ disk }) => disk,
  );
}
