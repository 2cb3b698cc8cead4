/**
 * Runs one workload on one tree: boots, performs, keeps what each operation returned and the machine with its
 * record. A power failure ends one life of the machine and starts the next from the image it left.
 */
import { type PersistencySetting, persistencySetting } from '#machine/images/crash-images.ts';
import { type InstructionCounts, countInstructions } from '#machine/hardware/record.ts';
import type { BootConfiguration, Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import type { LogLine } from '#kernel/kernel.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import type { Surroundings } from '#kernel/subsystem/surroundings.ts';
import { formatStep } from '../language/notation.ts';
import { isPowerFailure, type Step, type Workload } from '../language/workload.ts';
import { Life } from './life.ts';
import { sameLives } from './same-run.ts';

export { Life } from './life.ts';

/** What every tree exports: its constructor. */
export type Boot = (configuration: BootConfiguration) => Subsystem;

/** Two trees to compare. */
export interface Trees {
  readonly before: Boot;
  readonly after: Boot;
}

/** One operation of a run. */
export interface Outcome {
  /** Its text, and its place in the workload, counted from 0. */
  readonly text: string;
  readonly index: number;
  readonly result: OperationResult;
  /** Which life of the machine it ran in, and which acknowledgement of that life it is. */
  readonly life: number;
  readonly acknowledgement: number;
  /**
   * Place in the workload of the operation that was under way when another task did this one. That one comes next, and its entries
   * contain these.
   */
  readonly during?: number;
  /** The power failed while it ran: nobody heard of its result. */
  readonly isInterrupted?: true;
  /** Its entries in the record of that life. */
  readonly entries: { readonly from: number; readonly to: number };
  /** Where things were when it had returned. */
  readonly surroundings: Surroundings;
  readonly counts: InstructionCounts;
  /** Lines that it wrote to the kernel log. */
  readonly log: readonly string[];
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly lives: readonly Life[];
  /** Kernel log of all lives, one line each. */
  readonly log: readonly string[];
  readonly counts: InstructionCounts;
}

/** Choices of the analysis other than the power-fail domain, which the boot line gives. */
export type AnalysisChoices = Partial<Omit<PersistencySetting, 'domain'>>;

/** At which point of the next operation another task does one. */
export interface Meanwhile {
  /** Place in the workload of what the other task does. */
  readonly index: number;
  /** Points of the next operation before it, counted from 0 (`Cpu.onPoint`). */
  readonly point: number;
}

/** Where a run begins: the first step, and how the machine boots for it. */
export interface RunStart {
  readonly step: number;
  readonly configuration: BootConfiguration;
  /** Where another task gets in; without it operations run one after another. */
  readonly meanwhile?: Meanwhile;
  /** A run of the same workload with the same choices: what a power failure leaves of lives alike is worked out once for both. */
  readonly like?: Run;
}

/**
 * Runs `workload` on the tree that `boot` belongs to, from `start` on, up to the end or to a power failure inside an operation,
 * whose many ways are not one run (`promise/inside.ts`). What another task does meanwhile is done before, unless `start` says at
 * which point (`promise/meanwhile.ts`); throws `WouldBlock` where it cannot be done there.
 */
export function runWorkload(
  boot: Boot,
  workload: Workload,
  choices: AnalysisChoices = {},
  start: RunStart = { step: 0, configuration: workload.boot },
): Run {
  const setting = persistencySetting(workload.boot.domain, choices);
  const { meanwhile, like } = start;
  const outcomes: Outcome[] = [];
  const lives: Life[] = [];
  let life = new Life(boot(start.configuration), setting);
  const perform = (index: number, operation: Step | undefined, during?: number): void => {
    if (operation === undefined || isPowerFailure(operation)) return;
    outcomes.push(performIn(life, lives.length, operation, index, during));
  };
  for (const [index, { operation }] of workload.steps.entries()) {
    if (index < start.step) continue;
    if (operation.kind === 'crash inside') break;
    if (operation.kind === 'crash') {
      const ended = lives.push(life);
      const known = sameLives(life, like?.lives[ended - 1]) ? like?.lives[ended]?.media : undefined;
      const media = known ?? life.mediaAfter(operation.image);
      const carriedOver = life.subsystem.carriedOver();
      life = new Life(boot({ ...workload.boot, media, carriedOver }), setting);
      continue;
    }
    if (index === meanwhile?.index) continue;
    if (index - 1 !== meanwhile?.index) perform(index, operation);
    else {
      const { index: other, point } = meanwhile;
      letIn(life.subsystem, point, () => perform(other, workload.steps[other]?.operation, index));
      perform(index, operation);
      life.subsystem.watch();
    }
  }
  lives.push(life);
  return {
    outcomes,
    lives,
    log: lives.flatMap(({ subsystem: { log } }) => log.map(logText)),
    get counts() {
      return totalCounts(outcomes.map(({ counts }) => counts));
    },
  };
}

/** Performs an operation in a life, the `lifeNumber`th. What only reports want is worked out when it is asked for. */
function performIn(
  { subsystem, operationIndexes }: Life,
  lifeNumber: number,
  operation: Operation,
  index: number,
  during: number | undefined,
): Outcome {
  const { record } = subsystem.machine;
  const from = record.length;
  const linesBefore = subsystem.log.length;
  const result = subsystem.perform(operation, index);
  const to = record.length;
  const linesAfter = subsystem.log.length;
  return {
    get text() {
      return formatStep(operation);
    },
    index,
    result,
    life: lifeNumber,
    acknowledgement: operationIndexes.push(index) - 1,
    ...(during !== undefined && { during }),
    entries: { from, to },
    surroundings: subsystem.surroundings(),
    get counts() {
      return countInstructions(record, from, to);
    },
    log: linesBefore === linesAfter ? NO_LINES : subsystem.log.slice(linesBefore).map(logText),
  };
}

const NO_LINES: readonly string[] = [];

/** Does `act` at a point of what the subsystem does next. */
function letIn(subsystem: Subsystem, point: number, act: () => void): void {
  let left = point;
  subsystem.watch(() => {
    if (left-- > 0) return;
    subsystem.watch();
    act();
  });
}

const logText = ({ level, device, text }: LogLine): string => `${level} ${device}: ${text}`;

const COUNTERS = Object.keys(countInstructionsOfNothing()) as (keyof InstructionCounts)[];

function countInstructionsOfNothing(): InstructionCounts {
  return {
    loads: 0,
    storesCached: 0,
    storesNonTemporal: 0,
    clwb: 0,
    clflushopt: 0,
    clflush: 0,
    sfence: 0,
    mfence: 0,
    lockedReadModifyWrites: 0,
    flushHints: 0,
  };
}

/** The sum of several counts. */
export function totalCounts(all: readonly InstructionCounts[]): InstructionCounts {
  const total: Record<string, number> = {};
  for (const name of COUNTERS) total[name] = all.reduce((sum, counts) => sum + counts[name], 0);
  return { ...countInstructionsOfNothing(), ...total };
}
