/**
 * Which steps of a workload promise durability when they succeed, as far as the workload alone tells: the one meaning of
 * "synced" and "promised" wherever whole images are compared. Where an image holds bytes besides that nobody is owed, it
 * is not held to them: a write with PREFLUSH and no FUA promises what came before its own data, and what was written
 * while a cache was declared away stays in the images of that life.
 */
import { type Layout, layoutOf } from '#kernel/subsystem/layout.ts';
import type { DmTargetShape, Operation } from '#kernel/subsystem/operation.ts';
import type { MemoryRange } from '#machine/hardware/memory.ts';
import type { Promised } from '../language/descriptor.ts';
import { descriptorOf, diskOf } from '../language/operations.ts';
import { isPowerFailure, type Workload } from '../language/workload.ts';
import { disksBelow } from './locate.ts';
import { isVouchedFor, mayDecline } from './owed.ts';
import { blockRange } from './ranges.ts';
import { switchedDisk, WriteCaches } from './write-caches.ts';

/** Whether success of each step promises durability, on a platform and a kernel that vouch for it. */
export function promisesOf(workload: Workload): boolean[] {
  const followed = new Followed(workload);
  return workload.steps.map(({ operation }) => {
    if (isPowerFailure(operation)) {
      followed.losePower();
      return false;
    }
    const isPromise = followed.promises(operation);
    followed.follow(operation);
    return isPromise;
  });
}

/** Disks of namespaces that promise every write when it returns: BTTs and block windows. */
const SYNCHRONOUS = /^(?:pmem\d+(?:\.\d+)?s|ndblk\d+\.\d+s?)$/;

/** What the steps so far have made of the disks, supposed that they succeed. */
class Followed {
  readonly #boot: Workload['boot'];
  readonly #vouched: VouchedFor;
  readonly #tables = new Map<string, readonly DmTargetShape[]>();
  #caches: WriteCaches;
  /** Disks whose cache was declared away in this life. */
  #waived = new Set<string>();

  constructor({ boot }: Workload) {
    this.#boot = boot;
    this.#vouched = new VouchedFor(boot, layoutOf(boot));
    this.#caches = new WriteCaches(boot);
  }

  losePower(): void {
    this.#caches = new WriteCaches(this.#boot);
    this.#waived = new Set();
  }

  follow(operation: Operation): void {
    this.#caches.follow(operation);
    if (operation.kind === 'dm create') this.#tables.set(operation.disk, operation.targets);
    const disk = switchedDisk(operation);
    if (disk !== undefined && !this.#caches.isOn([disk])) this.#waived.add(disk);
  }

  promises(operation: Operation): boolean {
    const { promises, writesBlocks } = descriptorOf(operation);
    const disk = diskOf(operation) ?? '';
    if (writesBlocks === true && this.#isSynchronous(disk)) return true;
    const promised = promises?.(operation) ?? [];
    const hasData = writesBlocks === true && (blockRange(operation)?.length ?? 0) > 0;
    if (hasData && !promised.some((one) => one.of === 'own data')) return false;
    return promised.some((one) => this.#isKept(one));
  }

  #isKept(promised: Promised): boolean {
    switch (promised.of) {
      case 'file':
        return this.#keeps(promised.file.disk);
      case 'own data':
        return promised.flushesItself ? this.#vouched.has(promised.disk) : this.#keeps(promised.disk);
      case 'earlier blocks':
        return this.#keeps(promised.disk);
      case 'blocks of driver':
        return this.#vouched.has(promised.disk);
      case 'blocks of region':
        return this.#vouched.hasAny;
    }
  }

  /** Whether a flush of a disk reaches memory that somebody vouches for. */
  #keeps(disk: string): boolean {
    const below = disksBelow(this.#tables, disk);
    return !below.some((name) => this.#waived.has(name)) && below.some((name) => this.#vouched.has(name));
  }

  #isSynchronous(disk: string): boolean {
    return disksBelow(this.#tables, disk).some((name) => SYNCHRONOUS.test(name) && this.#vouched.has(name));
  }
}

/** Which disks lie on memory that platform and kernel can keep. */
class VouchedFor {
  /** Whether there is such memory at all. */
  readonly hasAny: boolean;
  readonly #devices: ReadonlyMap<string, boolean>;
  readonly #hasOther: boolean;
  readonly #hasWindows: boolean;

  constructor(boot: Workload['boot'], { placed, legacy, firmware }: Layout) {
    const flushHints = [
      ...placed.flatMap(({ dimms }) =>
        dimms.flatMap(({ name, flushHints: hints }) =>
          hints.map((address) => ({ address, modules: [name] })),
        ),
      ),
      ...firmware.flatMap((described) => described.flushHints),
    ];
    const isSafe = (range: MemoryRange): boolean =>
      !mayDecline(boot, range) && isVouchedFor(boot, { flushHints }, range);
    this.#devices = new Map(placed.map(({ device, range }) => [device.name, isSafe(range)]));
    this.#hasOther = [...legacy, ...firmware.flatMap(({ ranges }) => ranges)].some(isSafe);
    this.#hasWindows = isVouchedFor(boot, { flushHints }, undefined);
    this.hasAny = this.#hasOther || [...this.#devices.values()].includes(true);
  }

  has(disk: string): boolean {
    if (disk.startsWith('ndblk')) return this.#hasWindows;
    const own = this.#devices.get(disk.replace(/s$/, ''));
    return own ?? (disk.startsWith('pmem') && this.#hasOther);
  }
}
