/**
 * Which steps of a workload promise durability when they succeed, as far as the workload alone tells: the one meaning of
 * "synced" and "promised" wherever whole images are compared. A write with PREFLUSH and no FUA is not among them: what it
 * promises is older than its own data, and an image has both.
 */
import { type Layout, layoutOf, rangesOf } from '#kernel/subsystem/layout.ts';
import type { DmTargetShape, Operation } from '#kernel/subsystem/operation.ts';
import type { FlushHint } from '#machine/hardware/machine.ts';
import type { MemoryRange } from '#machine/hardware/memory.ts';
import type { Workload } from '../language/workload.ts';
import { disksBelow } from './locate.ts';
import { isVouchedFor, mayDecline } from './owed.ts';
import { deepFlushed } from './promises.ts';
import { WriteCaches } from './write-caches.ts';
import { total } from './ranges.ts';

/** Whether success of each step promises durability, on a platform and a kernel that vouch for it. */
export function promisesOf(workload: Workload): boolean[] {
  const followed = new Followed(workload);
  return workload.steps.map(({ operation }) => {
    if (operation.kind === 'crash') {
      followed.caches = new WriteCaches(workload.boot);
      return false;
    }
    const isPromise = followed.promises(operation);
    followed.follow(operation);
    return isPromise;
  });
}

/** Disks of namespaces that promise every write when it returns: BTTs and block windows. */
const SYNCHRONOUS = /^(?:(?:pmem\d+(?:\.\d+)?)s|ndblk\d+\.\d+s?)$/;

/** What the steps so far have made of the disks, supposed that they succeed. */
class Followed {
  caches: WriteCaches;
  readonly #boot: Workload['boot'];
  readonly #layout: Layout;
  readonly #tables = new Map<string, readonly DmTargetShape[]>();

  constructor({ boot }: Workload) {
    this.#boot = boot;
    this.caches = new WriteCaches(boot);
    this.#layout = layoutOf(boot);
  }

  follow(operation: Operation): void {
    this.caches.follow(operation);
    if (operation.kind === 'dm create') this.#tables.set(operation.disk, operation.targets);
    if (operation.kind === 'detach' || operation.kind === 'attach') this.caches.forget(operation.disk);
  }

  promises(operation: Operation): boolean {
    switch (operation.kind) {
      case 'fsync':
        return this.#keeps(operation.file.disk);
      case 'msync':
        return operation.waits && this.#keeps(operation.file.disk);
      case 'dax write':
        return operation.sync && this.#keeps(operation.file.disk);
      case 'flush':
        return this.#keeps(operation.disk);
      case 'bio write': {
        const { preflush, fua, lengths, disk } = operation;
        return (
          ((fua || (preflush && total(lengths) === 0)) && this.#keeps(disk)) || this.#isSynchronous(disk)
        );
      }
      case 'page write':
      case 'zeroout':
        return this.#isSynchronous(operation.disk);
      case 'raw write':
      case 'detach':
      case 'shutdown':
        return this.#isVouchedFor(operation.disk);
      case 'sysfs write':
        return (
          deepFlushed(operation.path) !== undefined &&
          rangesOf(this.#layout).some((range) => this.#isSafe(range))
        );
      default:
        return false;
    }
  }

  /** Whether a flush of a disk reaches memory that somebody vouches for. */
  #keeps(disk: string): boolean {
    const below = disksBelow(this.#tables, disk);
    return this.caches.isOn(below) && below.some((name) => this.#isVouchedFor(name));
  }

  #isSynchronous(disk: string): boolean {
    return disksBelow(this.#tables, disk).some((name) => SYNCHRONOUS.test(name) && this.#isVouchedFor(name));
  }

  #isVouchedFor(disk: string): boolean {
    if (this.#tables.has(disk)) return false;
    const { placed, legacy, firmware } = this.#layout;
    const name = disk.replace(/s$/, '');
    const own = placed.find(({ device }) => device.name === name);
    if (own !== undefined) return this.#isSafe(own.range);
    if (disk.startsWith('ndblk')) return isVouchedFor(this.#boot, { flushHints: [] }, undefined);
    return [...legacy, ...firmware.flatMap(({ ranges }) => ranges)].some((range) => this.#isSafe(range));
  }

  #isSafe(range: MemoryRange): boolean {
    const flushHints: FlushHint[] = [
      ...this.#layout.placed.flatMap(({ dimms }) =>
        dimms.flatMap(({ name, flushHints: hints }) =>
          hints.map((address) => ({ address, modules: [name] })),
        ),
      ),
      ...this.#layout.firmware.flatMap((placed) => placed.flushHints),
    ];
    return !mayDecline(this.#boot, range) && isVouchedFor(this.#boot, { flushHints }, range);
  }
}
