/**
 * Which poisoned cells the kernel has been told of, and which disks have bad blocks that were put in by hand. Only over
 * reported poison is a write expected to clear it.
 */
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import type { DiskPlace, Surroundings } from '#kernel/subsystem/surroundings.ts';
import { POISON_CELL_BYTES } from '#machine/hardware/memory.ts';

export class PoisonReports {
  /** Addresses of the reported cells. */
  #reported = new Set<number>();
  /** Disks and regions whose table of bad blocks was written to. */
  readonly #byHand = new Set<string>();

  isReported(cell: number): boolean {
    return this.#reported.has(cell);
  }

  hasBadBlocksByHand(disk: string): boolean {
    return this.#byHand.has(disk);
  }

  /** Takes over what an operation reported. Returns the cells that are poisoned only since then. */
  follow(operation: Operation, before: Surroundings, after: Surroundings): number[] {
    if (operation.kind === 'sysfs write') {
      const disk = /([^/]+)\/badblocks$/.exec(operation.path)?.[1];
      if (disk !== undefined) this.#byHand.add(disk);
    }
    const { poisonedCells } = after;
    if (operation.kind === 'poison') this.#report(operation, after);
    if (poisonedCells === before.poisonedCells) return [];
    const left = new Set(poisonedCells);
    for (const cell of this.#reported) if (!left.has(cell)) this.#reported.delete(cell);
    const old = new Set(before.poisonedCells);
    return poisonedCells.filter((cell) => !old.has(cell));
  }

  /** At boot a platform that is described by boot words reports again what it reported; others have to scrub. */
  losePower({ firmware = [] }: BootConfiguration): void {
    if (firmware.length > 0) this.#reported = new Set();
  }

  #report(
    { disk, offset, sizeBytes }: Extract<Operation, { kind: 'poison' | 'media poison' }>,
    { places, poisonedCells }: Surroundings,
  ): void {
    const isNamed = (place: DiskPlace): boolean => place.disk === disk || place.disk === `${disk}s`;
    const start = places.find(isNamed)?.namespaceStart;
    if (start === undefined || start < 0) return;
    const [from, to] = [start + offset - POISON_CELL_BYTES, start + offset + sizeBytes];
    for (const cell of poisonedCells) if (cell > from && cell < to) this.#reported.add(cell);
  }
}
