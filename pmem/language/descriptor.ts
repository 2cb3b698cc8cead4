/**
 * Everything the suite knows of one operation, in one place: its words, what they mean, what it works on, what it
 * changes for later operations, what its success promises. The walkers (`notation.ts`, `check-workload.ts`,
 * `operation-traits.ts`, `simpler.ts`) and `pmem/promise/` ask it, and know no operation by name.
 */
import type { FileName, VectorShape } from '#kernel/subsystem/operation.ts';
import type { Argument } from './argument.ts';
import type { CheckPlace } from './check-place.ts';
import type { Step, StepOf } from './workload.ts';

/** The arguments of an operation by the names of its fields, in the order in which they are written. */
export type ArgumentsOf<Kind extends Step['kind']> = {
  readonly [Key in keyof Omit<StepOf<Kind>, 'kind'>]: Argument<StepOf<Kind>[Key]>;
};

/** Bytes that an operation works on: where they begin, and the pieces they come in. */
export interface Pieces {
  readonly offset: number;
  readonly lengths: readonly number[];
}

/** A disk that an operation makes out of others. */
export interface MadeDisk {
  readonly disk: string;
  readonly members: readonly string[];
}

/** What operations so far have left for the traits of later ones. */
export interface Aftermath {
  /** Files whose blocks are made when they are written, as `fileText` gives them. */
  readonly newFiles: Set<string>;
  /** `queue/write_cache` by disk, where somebody switched it. */
  readonly writeCache: Map<string, 'write back' | 'write through'>;
}

/** Something that the success of an operation promises to survive a power failure. */
export type Promised =
  /** What was written to the bytes `[from, to)` of a file. */
  | { readonly of: 'file'; readonly file: FileName; readonly from: number; readonly to: number }
  /** What the operation itself wrote; past the cache of the disk when it `flushesItself`. */
  | { readonly of: 'own data'; readonly disk: string; readonly flushesItself: boolean }
  /** Blocks that earlier operations wrote through a disk, whoever asked for them above it. */
  | { readonly of: 'earlier blocks'; readonly disk: string }
  /** Blocks that reached the driver of a disk. */
  | { readonly of: 'blocks of driver'; readonly disk: string }
  /** Blocks in the namespaces of a region. */
  | { readonly of: 'blocks of region'; readonly region: string };

/** What has to be said of an operation. */
export interface Definition<Kind extends Step['kind'] = Step['kind']> {
  /** The first word or words; the kind when absent. */
  readonly name?: string;
  readonly meaning: string;
  readonly arguments: ArgumentsOf<Kind>;
  /** The bytes it works on, for what contracts say of segments, sizes and alignment. */
  pieces?(step: StepOf<Kind>): Pieces;
  /** Where the bytes that it needs to be there end; where its pieces end, when absent. */
  end?(step: StepOf<Kind>): number;
  /** Every byte or cell of its pieces is recorded, so there must not be too many. */
  readonly isRecorded?: true;
  /** It writes its pieces through the block layer. */
  readonly writesBlocks?: true;
  /** The kind of memory its data is in. */
  vector?(step: StepOf<Kind>): VectorShape['kind'];
  /** The disk it is about, where no field says so. */
  disk?(step: StepOf<Kind>): string | undefined;
  /** What can be wrong with it besides its arguments and its end. Adds disks that it makes to `place.devices`. */
  check?(step: StepOf<Kind>, place: CheckPlace): void;
  /** The disk it makes. */
  makes?(step: StepOf<Kind>): MadeDisk;
  /** Takes over what it changes for the traits of later operations. */
  follow?(step: StepOf<Kind>, aftermath: Aftermath): void;
  /** What its success promises; nothing, when absent. */
  promises?(step: StepOf<Kind>): readonly Promised[];
  /** It ends a life of the machine; no kernel performs it. */
  readonly endsLife?: true;
}

/** An argument and the name of its field. */
export type Field = readonly [name: string, argument: Argument<unknown>];

export interface OperationDescriptor<Kind extends Step['kind'] = Step['kind']> extends Definition<Kind> {
  readonly kind: Kind;
  readonly name: string;
  /** The words behind the name. */
  readonly usage: string;
  /** The arguments in the order in which they are written. */
  readonly fields: readonly Field[];
}

type Definitions<Kinds extends Step['kind']> = { readonly [Kind in Kinds]: Definition<Kind> };
type Descriptors<Kinds extends Step['kind']> = { readonly [Kind in Kinds]: OperationDescriptor<Kind> };

/** The descriptors of a family of operations, by kind. */
export function describe<Kinds extends Step['kind']>(definitions: Definitions<Kinds>): Descriptors<Kinds> {
  const entries = Object.entries<Definition>(definitions).map(([kind, definition]) => {
    const fields = Object.entries(definition.arguments) as Field[];
    const usage = fields.map(([, argument]) => argument.usage).join(' ');
    return [kind, { ...definition, kind, name: definition.name ?? kind, usage, fields }];
  });
  return Object.fromEntries(entries) as Descriptors<Kinds>;
}

/** The values of a step by field. */
export const valuesOf = (step: Step): Readonly<Record<string, unknown>> =>
  step as unknown as Readonly<Record<string, unknown>>;

/** The pieces of an operation on one range. */
export const onePiece = (step: { readonly offset: number; readonly sizeBytes: number }): Pieces => ({
  offset: step.offset,
  lengths: [step.sizeBytes],
});
