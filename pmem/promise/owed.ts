/**
 * Where durability is owed at all, place by place: the range must be persistent, the platform able to drain it when
 * nothing else does, and the kernel must not have declined where it may (nvdimm-and-firmware.md 3, 4.4, 13.11, 15.1 d).
 */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import type { MachineConfiguration } from '#machine/hardware/machine.ts';
import type { MemoryRange } from '#machine/hardware/memory.ts';
import type { LogLine } from '#kernel/kernel.ts';

/** By these words a kernel declines to promise anything for a namespace. */
const DECLINES = 'unable to guarantee persistence of writes';

/** Whether the platform alone can keep what is promised in a range. */
export function isVouchedFor(
  boot: BootConfiguration,
  { flushHints }: Pick<MachineConfiguration, 'flushHints'>,
  range: MemoryRange | undefined,
): boolean {
  if (boot.disabledSymbols.includes('ARCH_HAS_PMEM_API')) return false;
  if (range?.kind === 'volatile') return false;
  if (boot.domain !== 'none') return true;
  const isHinted = (module: string): boolean => flushHints.some(({ modules }) => modules.includes(module));
  return range !== undefined && range.modules.length > 0 && range.modules.every(isHinted);
}

/** Whether a kernel may decline for a range: one without dimms, or without a way around the caches. */
export function mayDecline(boot: BootConfiguration, range: MemoryRange | undefined): boolean {
  const hasNoDimms = range !== undefined && range.modules.length === 0;
  return hasNoDimms || boot.disabledSymbols.includes('ARCH_HAS_UACCESS_FLUSHCACHE');
}

/** What is owed in one life of a machine. */
export class Owed {
  readonly #boot: BootConfiguration;
  readonly #machine: MachineConfiguration;
  readonly #declined: ReadonlySet<string>;
  readonly #known = new Map<string, boolean>();

  constructor(boot: BootConfiguration, machine: MachineConfiguration, log: readonly LogLine[]) {
    this.#boot = boot;
    this.#machine = machine;
    this.#declined = new Set(log.filter(({ text }) => text === DECLINES).map(({ device }) => device));
  }

  /** Whether durability is owed to the bytes of a range of memory that `namespace` has, or none. */
  inMemory(address: number, namespace: string): boolean {
    const range = this.rangeOf(address);
    if (range === undefined) return false;
    const key = `${range.start} ${namespace}`;
    let isOwed = this.#known.get(key);
    if (isOwed === undefined) {
      const isDeclined = mayDecline(this.#boot, range) && this.#declined.has(namespace);
      isOwed = !isDeclined && isVouchedFor(this.#boot, this.#machine, range);
      this.#known.set(key, isOwed);
    }
    return isOwed;
  }

  /** Whether durability is owed to a disk that has no fixed place in memory. */
  onDisk({ kind, namespace, namespaceStart }: DiskPlace): boolean {
    if (kind === 'btt' && namespaceStart >= 0) return this.inMemory(namespaceStart, namespace);
    // The block windows of the regression suite's mock are plain copies of its test module.
    if ((this.#boot.firmware ?? []).some(({ isMock }) => isMock)) return false;
    const isDeclined = mayDecline(this.#boot, undefined) && this.#declined.size > 0;
    return !isDeclined && isVouchedFor(this.#boot, this.#machine, undefined);
  }

  /** The range of memory that has an address. */
  rangeOf(address: number): MemoryRange | undefined {
    return this.#machine.ranges.find(
      ({ start, sizeBytes }) => address >= start && address < start + sizeBytes,
    );
  }
}
