/**
 * The switches `queue/write_cache` as a workload sets them (nvdimm-and-firmware.md 11.4, 14). `write through` declares
 * that a device needs no flushes: true where the caches survive a power failure, a waiver everywhere else.
 */
import type { BootConfiguration, Operation } from '#kernel/subsystem/operation.ts';
import { diskInPath } from '../language/arguments/disks.ts';

export class WriteCaches {
  readonly #isAlwaysOn: boolean;
  readonly #declaredAway = new Set<string>();

  constructor({ domain }: BootConfiguration) {
    this.#isAlwaysOn = domain === 'eadr';
  }

  /** Whether none of the disks is declared to need no flushes. */
  isOn(disks: readonly string[]): boolean {
    return (
      this.#isAlwaysOn || this.#declaredAway.size === 0 || !disks.some((disk) => this.#declaredAway.has(disk))
    );
  }

  /** Takes over what a successful operation switches. A mapped device takes the state of its members when it is loaded. */
  follow(operation: Operation): void {
    if (operation.kind === 'dm create') {
      const members = operation.targets.flatMap((target) => target.members.map(({ disk }) => disk));
      this.#set(
        operation.disk,
        members.some((disk) => this.#declaredAway.has(disk)),
      );
    }
    const disk = switchedDisk(operation);
    if (disk !== undefined && operation.kind === 'sysfs write')
      this.#set(disk, !operation.text.startsWith('write back'));
  }

  /** A disk whose driver was bound anew has its queue as it is by default. */
  forget(disk: string): void {
    this.#declaredAway.delete(disk);
  }

  #set(disk: string, isDeclaredAway: boolean): void {
    if (isDeclaredAway) this.#declaredAway.add(disk);
    else this.#declaredAway.delete(disk);
  }
}

/** The disk whose switch an operation writes to. */
export function switchedDisk(operation: Operation): string | undefined {
  const isSwitch = operation.kind === 'sysfs write' && operation.path.endsWith('queue/write_cache');
  return isSwitch ? diskInPath(operation.path) : undefined;
}
