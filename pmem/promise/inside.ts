/**
 * A power failure inside an operation, where something interprets the media after a reboot: BTTs with their log, map
 * and info blocks, pfn devices with theirs. Images of the operation in flight are booted; whatever probes them
 * must bring back every sector as it was, or as it was being written, whole. For plain bytes the image sets say all.
 */
import { materialise } from '#machine/images/crash-images.ts';
import type { SparseImage } from '#machine/images/image-set.ts';
import type { CarriedOver, Operation } from '#kernel/subsystem/operation.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import { formatStep } from '../language/notation.ts';
import type { Workload } from '../language/workload.ts';
import { type Boot, runWorkload } from '../run/run.ts';
import { Findings, type PromiseFinding } from './finding.ts';
import { judgePromise } from './judge.ts';
import { isReserved } from './rules/stores.ts';
import { type KnownSector, sectorsOf } from './sectors.ts';
import { someImages } from './some-images.ts';
import type { JudgedStep } from './step.ts';
import { storedSpans } from './stored-bytes.ts';

/** Images of one operation that are booted unless asked otherwise: each takes 15 to 40 ms, most of it the boot. */
export const INSIDE_BOUND = 60;

/** What came of the power failures inside one operation. */
export interface InsideReport {
  readonly index: number;
  readonly operation: string;
  /** Images that were booted, and whether there are no others. */
  readonly images: number;
  readonly isComplete: boolean;
  readonly findings: readonly PromiseFinding[];
}

/** Fails the power inside every operation of `workload` that leaves something to interpret, in at most about `bound` ways each. */
export function crashInside(boot: Boot, workload: Workload, bound = INSIDE_BOUND): InsideReport[] {
  const texts = workload.steps.map(({ operation }) => formatStep(operation));
  const carried = new Map<number, CarriedOver>();
  const run = runWorkload(noting(boot, carried), workload);
  const reports: InsideReport[] = [];
  judgePromise(workload, run, (step) => {
    const own = carried.get(step.index);
    if (own === undefined || !isInterpreted(step)) return;
    const { images, isComplete } = someImages(step.history.inFlight(step.outcome.acknowledgement), bound);
    const findings = new Findings(texts);
    const sectors = sectorsOf(step);
    for (const image of images) lookAfter(boot, workload, step, own, image, sectors, findings);
    const operation = texts[step.index] ?? '';
    reports.push({
      index: step.index,
      operation,
      images: images.length,
      isComplete,
      findings: findings.all(),
    });
  });
  return reports;
}

/** The same tree, which notes what a power failure before each operation would not touch. */
function noting(boot: Boot, carried: Map<number, CarriedOver>): Boot {
  return (configuration) => {
    const subsystem = boot(configuration);
    return {
      ...subsystem,
      perform(operation: Operation, index: number) {
        carried.set(index, subsystem.carriedOver());
        return subsystem.perform(operation, index);
      },
    };
  };
}

/** Whether the operation stored to what probing reads: room that a BTT or a pfn device keeps, before or after it. */
function isInterpreted({ state, outcome }: JudgedStep): boolean {
  const { record } = state.life.subsystem.machine;
  const places = [...state.before.places, ...state.after.places];
  return storedSpans(record, outcome.entries.from, outcome.entries.to).some(({ start }) =>
    places.some((place) => isRoom(place, start)),
  );
}

/** Whether an address is in the room that the personality at `place` keeps for itself. */
function isRoom(place: DiskPlace, address: number): boolean {
  const { kind, namespaceStart: start, namespaceBytes } = place;
  return (
    kind !== 'none' && address >= start && address < start + namespaceBytes && isReserved(place, address)
  );
}

/** Boots one image, reads every known sector, writes one more and reads again: a free block that is not free shows then. */
function lookAfter(
  boot: Boot,
  workload: Workload,
  step: JudgedStep,
  carriedOver: CarriedOver,
  image: SparseImage,
  sectors: readonly KnownSector[],
  findings: Findings,
): void {
  const { initialMedia } = step.state.life.subsystem.machine.memory;
  const media = materialise(initialMedia, image);
  const subsystem = boot({ ...workload.boot, media, carriedOver });
  let next = workload.steps.length;
  const perform = (operation: Operation) => subsystem.perform(operation, next++);
  const read = (disk: string, offset: number, length: number) =>
    perform({ kind: 'bio read', disk, offset, lengths: [length], preflush: false, fua: false });
  const readAll = (): boolean =>
    sectors.every(({ disk, offset, length, writer, isRight }) => {
      const { data } = read(disk, offset, length);
      if (data !== undefined && isRight(data)) return true;
      findings.add('sector', step.index, writer, { disk, offset }, length);
      return false;
    });
  if (!readAll()) return;
  for (const { disk, kind, sizeBytes, sectorBytes } of subsystem.surroundings().places) {
    if (kind !== 'btt') continue;
    const offset = freeSector(sectors, disk, sizeBytes, sectorBytes);
    const lengths = [sectorBytes];
    const { returned } = perform({ kind: 'bio write', disk, offset, lengths, preflush: false, fua: false });
    if (returned !== sectorBytes) findings.add('sector', step.index, -1, { disk, offset }, sectorBytes);
  }
  readAll();
}

/** A sector that the workload knows nothing of. */
function freeSector(
  sectors: readonly KnownSector[],
  disk: string,
  sizeBytes: number,
  sectorBytes: number,
): number {
  const own = new Set(sectors.filter((sector) => sector.disk === disk).map(({ offset }) => offset));
  let offset = 7 * sectorBytes;
  while (own.has(offset) && offset + sectorBytes < sizeBytes) offset += sectorBytes;
  return offset;
}
