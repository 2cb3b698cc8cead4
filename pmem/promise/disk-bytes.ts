/**
 * The bytes of disks that have no fixed place in memory: BTTs move every sector they write, block windows reach memory
 * that has no addresses. Kept by disk and offset, over power failures; what lies below is the business of the disk.
 */
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import { ByteSpace } from './versions.ts';

interface Known {
  readonly place: DiskPlace;
  readonly space: ByteSpace;
}

export class DiskBytes {
  readonly #known = new Map<string, Known>();
  /** Disks whose bytes before their first write nobody knows. */
  readonly #isUsed = new Set<string>();
  /** BTTs whose map somebody wrote to: what the next write to them does to other sectors nobody knows. */
  readonly #isShaken = new Set<string>();

  /** The bytes of the disk at `place`; zeros at first where nothing has been there before. */
  spaceOf(place: DiskPlace): ByteSpace {
    const { disk } = place;
    const known = this.#known.get(disk);
    if (known !== undefined) return known.space;
    const space = new ByteSpace(disk, this.#isUsed.has(disk) ? () => 'any' : () => undefined);
    this.#known.set(disk, { place, space });
    return space;
  }

  /** Where the disk was when its bytes were first looked at. */
  placeOf(disk: string): DiskPlace | undefined {
    return this.#known.get(disk)?.place;
  }

  has(disk: string): boolean {
    return this.#known.has(disk) || this.#isUsed.has(disk);
  }

  /** The disks that are known, and their bytes. */
  *all(): Generator<ByteSpace> {
    for (const { space } of this.#known.values()) yield space;
  }

  /** From here on the disk may hold anything. */
  forget(disk: string): void {
    this.#known.delete(disk);
    this.#isShaken.delete(disk);
    this.#isUsed.add(disk);
  }

  /** Everything that is known may be anything, and disks may have changed their names. */
  forgetAll(): void {
    for (const disk of this.#known.keys()) this.forget(disk);
  }

  /** Somebody gave `[from, from + length)` of a BTT other blocks, behind its back. */
  forgetRemapped(disk: string, from: number, length: number, operation: number): void {
    this.#known.get(disk)?.space.forget(from, length, operation);
    this.#isShaken.add(disk);
  }

  /** The disk is about to be written to. */
  noteWrite(disk: string): void {
    if (this.#isShaken.has(disk)) this.forget(disk);
  }

  /** What was not promised may be there or not; a disk that nothing is owed to may hold anything. */
  losePower(isOwed: (place: DiskPlace) => boolean): void {
    for (const [disk, { place, space }] of this.#known) {
      if (!isOwed(place)) this.forget(disk);
      for (const { version } of space.pending) version.isMaybe = true;
      space.pending = [];
    }
  }
}
