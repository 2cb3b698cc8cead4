/**
 * What a power failure may leave of a run: for each acknowledged operation the images possible once it returned and
 * while it ran, and those possible at any time. This is the entry to the analysis: `persists-before.ts` reads the
 * record, `image-set.ts` answers questions about one set, `image-set-relation.ts` compares two.
 */
import { ImageSet } from './image-set.ts';
import type { CrashView } from '../order/crash-view.ts';
import type { Machine } from '../hardware/machine.ts';
import type { PersistencySetting } from '../order/persistency-setting.ts';
import type { AcknowledgementPoint } from '../order/acknowledgement-points.ts';
import { PersistsBefore, type RunSource } from '../order/persists-before.ts';
import { at } from '../order/store-pieces.ts';

/** What the analysis needs of a machine after a run. */
export function sourceOf(machine: Machine): RunSource {
  return {
    record: machine.record,
    ranges: machine.memory.ranges,
    initialMedia: machine.memory.initialMedia,
    flushHints: machine.configuration.flushHints,
  };
}

/** Reads the record of a run once. The record must not change while the history is used. */
export function crashHistory(run: Machine | RunSource, setting: PersistencySetting): CrashHistory {
  return new CrashHistory(new PersistsBefore('memory' in run ? sourceOf(run) : run, setting));
}

/** All crash points of one run. Points are counted in acknowledgements, 0 being the first. */
export class CrashHistory {
  readonly order: PersistsBefore;

  constructor(order: PersistsBefore) {
    this.order = order;
  }

  get acknowledgements(): readonly AcknowledgementPoint[] {
    return this.order.acknowledgements;
  }

  /** Images possible once acknowledgement `index` has happened and before anything after it. */
  acked(index: number): ImageSet {
    const point = this.#point(index);
    return new ImageSet(this.#view(point, { pieceCount: point.pieceCount, level: point.level }));
  }

  /**
   * Images possible between acknowledgement `index - 1` (or power-on) and acknowledgement `index` (or, one past the
   * last, the end of the run).
   */
  inFlight(index: number): ImageSet {
    const { acknowledgements, pieces, level } = this.order;
    const end = acknowledgements[index] ?? { pieceCount: pieces.count, level };
    if (index < 0 || index > acknowledgements.length) this.#point(index);
    return new ImageSet(this.#view(acknowledgements[index - 1], end));
  }

  /** Images possible at any time of the run. */
  anywhere(): ImageSet {
    const { pieces, level } = this.order;
    return new ImageSet(this.#view(undefined, { pieceCount: pieces.count, level }));
  }

  #point(index: number): AcknowledgementPoint {
    const point = this.order.acknowledgements[index];
    if (point !== undefined) return point;
    throw new RangeError(
      `acknowledgement ${index} of a run that has ${this.order.acknowledgements.length}: they count from 0`,
    );
  }

  #view(
    start: AcknowledgementPoint | undefined,
    end: { readonly pieceCount: number; readonly level: number },
  ): CrashView {
    const { setting } = this.order;
    if (setting.domain === 'none') return this.#viewWithoutAdr(start?.drainedLevels, end);
    const before = this.#openAt(start);
    const first = start?.pieceCount ?? 0;
    const open = new Int32Array(before.length + end.pieceCount - first);
    open.set(before);
    for (let piece = first; piece < end.pieceCount; piece++) open[before.length + piece - first] = piece;
    return {
      order: this.order,
      pieceCount: end.pieceCount,
      levels: { from: start?.level ?? 0, to: end.level },
      drainedLevels: undefined,
      openPieces: open,
    };
  }

  /** Pieces that no base held at acknowledgement `index`, ascending. */
  openAt(index: number): ArrayLike<number> {
    return this.#openAt(this.#point(index));
  }

  #openAt(start: AcknowledgementPoint | undefined): ArrayLike<number> {
    if (start?.openPieces !== undefined) return start.openPieces;
    const open: number[] = [];
    if (start === undefined) return open;
    // There were too many to note.
    for (let piece = start.oldestOpen; piece < start.pieceCount; piece++)
      if (at(this.order.pieces.requiredFrom, piece) > start.level) open.push(piece);
    return open;
  }

  /** Domain `none`: only what flush hints drained is certain; the queue may still have drained by itself. */
  #viewWithoutAdr(
    drained: readonly number[] | undefined,
    end: { readonly pieceCount: number; readonly level: number },
  ): CrashView {
    const { pieces } = this.order;
    const drainedLevels = drained ?? this.order.source.ranges.map(() => 0);
    // A drained piece brings the base of its level with it, whichever module that lies in: one queue, in order.
    let from = Math.min(end.level, ...persistentLevels(this.order, drainedLevels));
    const candidates: number[] = [];
    for (let piece = 0; piece < end.pieceCount; piece++) {
      const drainedTo = drainedLevels[pieces.pageOf(piece).rangeIndex] ?? 0;
      if (at(pieces.requiredFrom, piece) <= drainedTo) from = Math.max(from, at(pieces.levels, piece));
      else candidates.push(piece);
    }
    return {
      order: this.order,
      pieceCount: end.pieceCount,
      levels: { from, to: end.level },
      drainedLevels,
      openPieces: Int32Array.from(candidates.filter((piece) => at(pieces.requiredFrom, piece) > from)),
    };
  }
}

function persistentLevels(order: PersistsBefore, drainedLevels: readonly number[]): number[] {
  return drainedLevels.filter((_, index) => order.source.ranges[index]?.kind === 'persistent');
}

export { ImageSet, materialise, type SparseImage } from './image-set.ts';
export { type PersistencySetting, persistencySetting } from '../order/persistency-setting.ts';
