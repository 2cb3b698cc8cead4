/** How two recordings are compared, and what comes of it, as plain data. */
import type { PersistencySetting } from '#machine/images/crash-images.ts';
import type { ByteSpan } from '#machine/images/image-set.ts';
import type { Relation } from '#base/relation.ts';
import type { RecordedFile, Recording } from '../recording.ts';
import type { AcknowledgementKind, Alignment } from './align.ts';
import type { Costs } from './costs.ts';
import type { DifferentRuns } from './different-runs.ts';
import type { LineWitness } from './witness.ts';

export interface CompareOptions {
  readonly setting: PersistencySetting;
  readonly kind?: AcknowledgementKind | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly initial?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly only?: string | undefined;
  /** What only one side acknowledges does not count. */
  readonly common?: boolean | undefined;
  /** Compare all instants at once, whatever was acknowledged. */
  readonly anyTime?: boolean | undefined;
  /** What is in flight decides too. */
  readonly gateInFlight?: boolean | undefined;
  /** Leave out what is in flight. */
  readonly skipInFlight?: boolean | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** One acknowledgement of both recordings. */
export interface ComparedAcknowledgement {
  readonly label: string;
  readonly acknowledged: Relation | undefined;
  readonly inFlight: Relation | undefined;
  readonly imagesLog2: readonly [number, number];
  readonly costs: readonly [Costs, Costs];
}

/** An image that tells the two apart. */
export interface Difference {
  readonly label: string;
  readonly when: 'acknowledged' | 'in flight' | 'any time';
  readonly relation: Relation;
  readonly witness: LineWitness;
  /** Entries of the acknowledgement on either side. */
  readonly entries: readonly [number, number];
}

export interface Compared {
  readonly recordings: readonly [Recording, Recording];
  readonly files: readonly RecordedFile[];
  readonly alignment: Alignment;
  readonly acknowledgements: readonly ComparedAcknowledgement[];
  /** The relation at any time, when it was asked for. */
  readonly anyTime: Relation | undefined;
  readonly difference: Difference | undefined;
  /** Lines that ever compare differently once acknowledged, as stretches of bytes. */
  readonly where: readonly ByteSpan[];
  readonly costs: readonly [Costs, Costs];
  readonly region: readonly ByteSpan[] | undefined;
  readonly differentRuns: DifferentRuns | undefined;
  readonly notes: readonly string[];
}
