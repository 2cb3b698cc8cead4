/**
 * A power failure inside an operation, where something interprets the media after a reboot: BTTs with their log, map
 * and info blocks, pfn devices with theirs, labels. Images of the operation in flight are booted; whatever probes them
 * must bring back every namespace, and every sector as it was, or as it was being written, whole. For plain bytes the
 * image sets say all.
 */
import type { Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import { formatStep } from '../language/notation.ts';
import { INSIDE_BOUND } from '../language/operations/system-operations.ts';
import { insideIndex, type Workload } from '../language/workload.ts';
import { type AnalysisChoices, type Boot, type Run, runWorkload, totalCounts } from '../run/run.ts';
import { type CutImage, cutImagesOf, type Noted, noting } from './cut-images.ts';
import { Findings, type PromiseFinding } from './finding.ts';
import { judgePromise, textsOf } from './judge.ts';
import { isReserved } from './rules/stores.ts';
import { isDestroyedBy, type KnownSector, sectorsOf } from './sectors.ts';
import type { JudgedStep } from './step.ts';
import { storedSpans } from './stored-bytes.ts';
import { WayGatherer, type Ways } from './ways.ts';

export { INSIDE_BOUND } from '../language/operations/system-operations.ts';

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
  const reports: InsideReport[] = [];
  eachStep(boot, workload, {}, (step, noted) => {
    if (!isInterpreted(step, noted)) return;
    const { images, isComplete } = cutImagesOf(step, noted, bound);
    const { findings } = lookAtAll(boot, workload, step, images);
    const operation = formatStep(step.operation);
    reports.push({ index: step.index, operation, images: images.length, isComplete, findings });
  });
  return reports;
}

/** Every way that a workload with a power failure inside an operation can go, at most about as many as its line says. */
export function insideWays(boot: Boot, workload: Workload, choices: AnalysisChoices = {}): Ways {
  const at = insideIndex(workload);
  const line = workload.steps[at]?.operation;
  const bound = line?.kind === 'crash inside' ? line.bound : INSIDE_BOUND;
  const gathered = new WayGatherer(workload, at - 1, 'image');
  let isAll = true;
  eachStep(boot, workload, choices, (step, noted, run) => {
    if (step.index !== at - 1) return;
    const { images, isComplete } = cutImagesOf(step, noted, bound);
    isAll = isComplete;
    const { findings, seen } = lookAtAll(boot, workload, step, images);
    gathered.addFindings(findings);
    for (const image of images) {
      gathered.countOne();
      if (at + 1 === workload.steps.length) continue;
      const configuration = { ...workload.boot, ...image };
      const rest = runWorkload(boot, workload, choices, { step: at + 1, configuration });
      gathered.addRun(joined(run, rest), at + 1);
    }
    for (const { returned, oops, data } of seen) {
      gathered.note(JSON.stringify([returned, oops]));
      gathered.note(data ?? '');
    }
  });
  return gathered.ways(isAll);
}

/** Runs a workload up to its power failure inside, and hands over each operation with what was noted of it. */
function eachStep(
  boot: Boot,
  workload: Workload,
  choices: AnalysisChoices,
  look: (step: JudgedStep, noted: Noted, run: Run) => void,
): void {
  const noted = new Map<number, Noted>();
  const run = runWorkload(noting(boot, noted), workload, choices);
  judgePromise(workload, run, (step) => {
    const own = noted.get(step.index);
    if (own !== undefined) look(step, own, run);
  });
}

/** A run whose last operation was cut, and what ran after the power came back, as one. */
function joined(run: Run, rest: Run): Run {
  const outcomes = run.outcomes.map((outcome, index) =>
    index === run.outcomes.length - 1 ? { ...outcome, isInterrupted: true as const } : outcome,
  );
  const later = rest.outcomes.map((outcome) => ({ ...outcome, life: outcome.life + run.lives.length }));
  return {
    outcomes: [...outcomes, ...later],
    lives: [...run.lives, ...rest.lives],
    log: [...run.log, ...rest.log],
    counts: totalCounts([run.counts, rest.counts]),
  };
}

/** Whether the operation wrote what probing reads: labels, or room that a BTT or a pfn device keeps, before or after it. */
function isInterpreted({ state, outcome }: JudgedStep, { commands }: Noted): boolean {
  const { record } = state.life.subsystem.machine;
  const places = [...state.before.places, ...state.after.places];
  const spans = storedSpans(record, outcome.entries.from, outcome.entries.to);
  return commands.length > 0 || spans.some(({ start }) => places.some((place) => isRoom(place, start)));
}

/** Whether an address is in the room that the personality at `place` keeps for itself. */
function isRoom(place: DiskPlace, address: number): boolean {
  const { kind, namespaceStart: start, namespaceBytes } = place;
  return (
    kind !== 'none' && address >= start && address < start + namespaceBytes && isReserved(place, address)
  );
}

/** What was read after the power came back, and what is wrong with it. */
interface Looked {
  readonly seen: readonly OperationResult[];
  readonly findings: readonly PromiseFinding[];
}

function lookAtAll(boot: Boot, workload: Workload, step: JudgedStep, images: readonly CutImage[]): Looked {
  const findings = new Findings(textsOf(workload));
  const [sectors, namespaces] = [sectorsOf(step), namespacesOf(step)];
  const seen: OperationResult[] = [];
  for (const image of images) {
    const look = new LookAfter(boot({ ...workload.boot, ...image }), workload.steps.length, step, findings);
    look.atNamespaces(namespaces);
    if (look.atSectors(sectors)) {
      look.writeElsewhere(sectors);
      look.atSectors(sectors);
    }
    seen.push(...look.seen);
  }
  return { seen, findings: findings.all() };
}

/** Disks that are there before the operation, and that it does not mean to take away. */
function namespacesOf({ state, operation }: JudgedStep): DiskPlace[] {
  const isMadeDax = operation.kind === 'personality' && operation.personality.type === 'dax';
  return state.before.places.filter((place) => {
    // A disk over volatile memory is no namespace, and nothing on it is read when it comes up.
    if (place.kind === 'none' || place.namespaceStart < 0 || place.namespace === '') return false;
    if (operation.kind === 'personality') return !isMadeDax || !isDestroyedBy(operation, place);
    return !isDestroyedBy(operation, place);
  });
}

/** Looks at one machine that booted after the power failed. */
class LookAfter {
  readonly seen: OperationResult[] = [];
  readonly #subsystem: Subsystem;
  readonly #step: JudgedStep;
  readonly #findings: Findings;
  #next: number;

  constructor(subsystem: Subsystem, firstIndex: number, step: JudgedStep, findings: Findings) {
    this.#subsystem = subsystem;
    this.#next = firstIndex;
    this.#step = step;
    this.#findings = findings;
  }

  /** Every namespace has a disk, whichever personality it has now, and its first sector can be read. */
  atNamespaces(namespaces: readonly DiskPlace[]): void {
    const { places, poisonedCells } = this.#subsystem.surroundings();
    for (const { disk, namespaceStart, namespaceBytes } of namespaces) {
      const here = places.find(
        (place) =>
          place.kind !== 'none' &&
          place.namespaceStart === namespaceStart &&
          place.namespaceBytes === namespaceBytes,
      );
      const isBad =
        here === undefined || (poisonedCells.length === 0 && this.#read(here.disk, 0, here.sectorBytes) < 0);
      if (isBad) this.#findings.add('namespace', this.#step.index, -1, { disk, offset: 0 });
    }
  }

  /** Every sector that the workload knows is old or new. Ends at the first that is not. */
  atSectors(sectors: readonly KnownSector[]): boolean {
    return sectors.every(({ disk, offset, length, writer, isRight }) => {
      const returned = this.#read(disk, offset, length);
      const { data } = this.seen.at(-1) ?? {};
      if (returned >= 0 && data !== undefined && isRight(data)) return true;
      this.#findings.add('sector', this.#step.index, writer, { disk, offset }, length);
      return false;
    });
  }

  /** Writes a sector that the workload knows nothing of: a free block that is not free shows when the others are read again. */
  writeElsewhere(sectors: readonly KnownSector[]): void {
    for (const { disk, kind, sizeBytes, sectorBytes } of this.#subsystem.surroundings().places) {
      if (kind !== 'btt') continue;
      const offset = freeSector(sectors, disk, sizeBytes, sectorBytes);
      const flags = { preflush: false, fua: false };
      const returned = this.#perform({ kind: 'bio write', disk, offset, lengths: [sectorBytes], ...flags });
      if (returned !== sectorBytes)
        this.#findings.add('sector', this.#step.index, -1, { disk, offset }, sectorBytes);
    }
  }

  #read(disk: string, offset: number, length: number): number {
    return this.#perform({
      kind: 'bio read',
      disk,
      offset,
      lengths: [length],
      preflush: false,
      fua: false,
    });
  }

  /** Bytes done, or a negative number for whatever was wrong. */
  #perform(operation: Operation): number {
    const result = this.#subsystem.perform(operation, this.#next++);
    this.seen.push(result);
    return result.oops === undefined ? result.returned : -1;
  }
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
