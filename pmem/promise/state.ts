/**
 * What the model knows while it follows a run: the versions of all bytes, where disks and files are, what has been
 * switched. It is fed by the workload, by what operations returned and by surroundings that no tree decides; it never
 * sees an instruction.
 */
import type { DmTargetShape, FileLayout, FileName, Operation } from '#kernel/subsystem/operation.ts';
import type { DiskPlace, Surroundings } from '#kernel/subsystem/surroundings.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Workload } from '../language/workload.ts';
import type { Life } from '../run/run.ts';
import { DiskBytes } from './disk-bytes.ts';
import { disksBelow, locate, type DiskMap, type DiskRange } from './locate.ts';
import { Owed } from './owed.ts';
import { PoisonReports } from './poison-reports.ts';
import { ByteSpace, type Piece } from './versions.ts';
import { WriteCaches } from './write-caches.ts';

export class PromiseState implements DiskMap {
  readonly workload: Workload;
  /** Bytes of BTTs and block windows, which outlive power failures. */
  readonly disks = new DiskBytes();
  readonly tables = new Map<string, readonly DmTargetShape[]>();
  readonly poison = new PoisonReports();
  life: Life;
  /** Bytes of physical memory; new with each life. */
  memory: ByteSpace;
  caches: WriteCaches;
  owed: Owed;
  /** Around the operation that is looked at. */
  before: Surroundings;
  after: Surroundings;
  /** Files of the life before, for file systems that this one has not mounted yet. */
  #carried: readonly FileLayout[] = [];
  #lastPlaces = new Map<string, DiskPlace>();
  /** Mapped devices of which a member's driver has gone since their table was loaded. */
  #broken = new Set<string>();

  constructor(workload: Workload, life: Life) {
    this.workload = workload;
    this.life = life;
    this.caches = new WriteCaches(workload.boot);
    this.owed = owedIn(workload, life);
    this.memory = memoryOf(life, this.owed, true);
    this.before = life.booted;
    this.after = life.booted;
    this.#notePlaces();
  }

  /** The power fails: memory holds what the media held, all else what outlives it. */
  losePower(next: Life): void {
    const { boot } = this.workload;
    this.#carried = [...this.after.files, ...this.#notMounted(this.after)];
    this.disks.losePower((place) => this.owed.onDisk(place));
    this.poison.losePower(boot);
    this.life = next;
    this.caches = new WriteCaches(boot);
    this.owed = owedIn(this.workload, next);
    this.memory = memoryOf(next, this.owed, false);
    this.before = next.booted;
    this.after = next.booted;
    this.#lastPlaces = new Map();
    this.#broken = new Set();
    this.#notePlaces();
  }

  /** Moves on to an operation, after which things are as `after` says. */
  enter(after: Surroundings): void {
    this.before = this.after;
    this.after = after;
    if (this.before.places !== after.places) this.#notePlaces();
  }

  /** Takes over what the operation changed for later ones. */
  leave(operation: Operation, isSuccess: boolean): void {
    if (isSuccess) {
      this.caches.follow(operation);
      if (operation.kind === 'dm create') {
        this.tables.set(operation.disk, operation.targets);
        this.#broken.delete(operation.disk);
      }
    }
    if (this.before.places === this.after.places) return;
    for (const { disk, binding } of this.before.places)
      if (binding !== undefined && !this.after.places.some((place) => place.binding === binding))
        this.#loseDriver(disk);
  }

  /** The disk of a driver that went is gone for good, even when the same driver is bound again. */
  #loseDriver(disk: string): void {
    this.caches.forget(disk);
    for (const [mapped, targets] of this.tables)
      if (targets.some(({ members }) => members.some((member) => member.disk === disk)))
        this.#broken.add(mapped);
    // A mount that is gone owes nothing more.
    this.memory.waive(({ version: { route } }) => route.kind === 'file' && route.disk === disk);
  }

  /** Whether a disk is a mapped device that leads to a driver that has gone. */
  isBroken(disk: string): boolean {
    return this.tables.has(disk) && disksBelow(this.tables, disk).some((below) => this.#broken.has(below));
  }

  placeOf(disk: string, isMember = false): DiskPlace | undefined {
    const isHere = (place: DiskPlace): boolean => place.disk === disk;
    const place = this.after.places.find(isHere) ?? this.before.places.find(isHere);
    return isMember && (place === undefined || place.kind === 'none') ? this.#lastPlaces.get(disk) : place;
  }

  /** The pieces of a part of a disk, as far as it leads anywhere. */
  locate(range: DiskRange): Piece[] {
    return locate(this, range);
  }

  /** Whether no disk at or below `disk` is declared to need no flushes. */
  isCacheOn(disk: string): boolean {
    return this.caches.isOn(this.tables.has(disk) ? disksBelow(this.tables, disk) : [disk]);
  }

  /** The namespace, or disk over volatile memory, that has an address of physical memory. */
  ownerOf(address: number): DiskPlace | undefined {
    const { before, after } = this;
    const has = ({ namespaceStart: start, namespaceBytes }: DiskPlace): boolean =>
      start >= 0 && address >= start && address < start + namespaceBytes;
    return after.places.find(has) ?? before.places.find(has);
  }

  /** Whether durability is owed to the bytes of physical memory at an address. */
  isOwed(address: number): boolean {
    return this.owed.inMemory(address, this.ownerOf(address)?.namespace ?? '');
  }

  /** A file as it was before the operation: of a file system that was not mounted yet, as the last life left it. */
  fileBefore(name: FileName): FileLayout | undefined {
    return findFile(this.before.files, name) ?? findFile(this.#notMounted(this.before), name);
  }

  fileAfter(name: FileName): FileLayout | undefined {
    return findFile(this.after.files, name);
  }

  #notMounted({ files }: Surroundings): FileLayout[] {
    return this.#carried.filter(({ disk }) => !files.some((file) => file.disk === disk));
  }

  #notePlaces(): void {
    for (const { places } of [this.before, this.after])
      for (const place of places) if (place.kind !== 'none') this.#lastPlaces.set(place.disk, place);
  }
}

function owedIn({ boot }: Workload, { subsystem: { machine, log } }: Life): Owed {
  return new Owed(boot, machine.configuration, log);
}

/** Physical memory at power-on: volatile memory is zero the first time, and anything after a power failure. */
function memoryOf({ subsystem }: Life, owed: Owed, isFirst: boolean): ByteSpace {
  const { initialMedia } = subsystem.machine.memory;
  return new ByteSpace('', (index) => {
    const isVolatile = owed.rangeOf(index * PAGE_SIZE_BYTES)?.kind === 'volatile';
    if (isVolatile) return isFirst ? undefined : 'any';
    return initialMedia.get(index);
  });
}

function findFile(files: readonly FileLayout[], { disk, path }: FileName): FileLayout | undefined {
  return files.find((file) => file.path === path && file.disk === disk);
}
