/**
 * What differs between two runs of one workload, operation by operation, as data (design.md 8). Lives that began from
 * different images are not compared: their differences follow from the one that made the images differ.
 */
import type { Comparison } from '#machine/images/image-set-relation.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { compareRuns, type OperationComparison, type RunComparison } from './compare.ts';
import { eventsOf } from '../run/events.ts';
import { formatRanges, lossesOf } from './losses.ts';
import type { Outcome, Run } from '../run/run.ts';
import { hexByte, witnessesOf, type WitnessTime, wordPlace } from './witness.ts';
import type { Relation } from '#engine/subject.ts';
import type { Workload } from '../language/workload.ts';

/** What the suite compares two runs by. */
export type DimensionName = 'result' | 'sysfs' | 'acked' | 'in-flight' | 'log' | 'cost';

/** One difference between two runs. */
export interface Observation {
  /** Place of the operation in the workload, from 0; -1 for what the log says at boot. */
  readonly index: number;
  readonly operationText: string;
  readonly dimension: DimensionName;
  readonly relation: Relation;
  /** What it was and what it is, in a few words. */
  readonly before: string;
  readonly after: string;
  /** The comparison behind it; absent for the log. */
  readonly comparison?: OperationComparison;
}

/**
 * Everything that differs between `before` and `after`, in the order of the workload. `isBrief`: without what it was and what it
 * is, which takes longer than finding out that it differs.
 */
export function observe(
  workload: Workload,
  before: Run,
  after: Run,
  compared: RunComparison = compareRuns(before, after),
  isBrief = false,
): Observation[] {
  const { operations, sameLog } = compared;
  const found: Observation[] = [];
  let mediaDiffer = false;
  let life = 0;
  for (const operation of operations) {
    if (operation.before.life !== life) {
      mediaDiffer ||= found.some(({ dimension }) => dimension === 'acked');
      life = operation.before.life;
    }
    if (!mediaDiffer) found.push(...observationsOf(workload, before, after, operation, isBrief));
  }
  if (!sameLog) found.push(...logObservations(before, after));
  return found;
}

/** What a kernel said while it booted: what none of its operations did. */
const atBoot = (run: Run): string[] =>
  without(
    run.log,
    run.outcomes.flatMap(({ log }) => log),
  );

/** What differs in the log, operation by operation; what the kernels said when they booted has no operation. */
function logObservations(before: Run, after: Run): Observation[] {
  const found: Observation[] = [];
  const note = (
    index: number,
    operationText: string,
    left: readonly string[],
    right: readonly string[],
  ): void => {
    if (left.join('\n') === right.join('\n')) return;
    const [wasSaid, isSaid] = [without(left, right), without(right, left)];
    found.push({
      index,
      operationText,
      dimension: 'log',
      relation: 'other',
      before: wasSaid.join('; ') || 'nothing',
      after: isSaid.join('; ') || 'nothing',
    });
  };
  note(-1, 'boot', atBoot(before), atBoot(after));
  for (const outcome of before.outcomes) {
    const other = after.outcomes.find(({ index }) => index === outcome.index);
    note(outcome.index, outcome.text, outcome.log, other?.log ?? []);
  }
  return found;
}

/** `lines` less one for each of `others`. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

function observationsOf(
  workload: Workload,
  before: Run,
  after: Run,
  comparison: OperationComparison,
  isBrief: boolean,
): Observation[] {
  const { index, text } = comparison.before;
  const base = { index, operationText: text, comparison };
  const found: Observation[] = [];
  if (!comparison.sameResult) {
    const isSysfs = workload.steps[index]?.operation.kind.startsWith('sysfs') === true;
    found.push({
      ...base,
      dimension: isSysfs ? 'sysfs' : 'result',
      relation: 'other',
      before: describeResult(comparison.before.result),
      after: describeResult(comparison.after.result),
    });
  }
  for (const [dimension, relation] of imageRelations(comparison)) {
    const texts = isBrief ? NO_TEXTS : imageTexts(before, after, comparison, dimension);
    found.push({ ...base, dimension, relation, ...texts });
  }
  if (!comparison.sameCost) {
    found.push({
      ...base,
      dimension: 'cost',
      relation: 'other',
      before: isBrief ? '' : eventsText(before, comparison.before),
      after: isBrief ? '' : eventsText(after, comparison.after),
    });
  }
  return found;
}

const NO_TEXTS = { before: '', after: '' };

type ImageDifference = ['acked' | 'in-flight', 'stronger' | 'weaker' | 'incomparable'];

function imageRelations({ acked, inFlight }: OperationComparison): ImageDifference[] {
  return [...imageRelation('acked', acked), ...imageRelation('in-flight', inFlight)];
}

function imageRelation(name: ImageDifference[0], { relation }: Comparison): ImageDifference[] {
  return relation === 'equal' ? [] : [[name, relation]];
}

/**
 * What each side may lose, once the operation has returned or while it runs; where that is the same, also the first
 * word of an image that only one side may leave, beside the nearest one that the other may leave.
 */
function imageTexts(
  before: Run,
  after: Run,
  comparison: OperationComparison,
  time: WitnessTime,
): { before: string; after: string } {
  const texts = {
    before: losses(before, comparison.before, time),
    after: losses(after, comparison.after, time),
  };
  if (texts.before !== texts.after) return texts;
  const [witness] = witnessesOf(before, after, comparison, time);
  const [word] = witness?.words ?? [];
  if (witness === undefined || word === undefined) return texts;
  const other = witness.side === 'before' ? 'after' : 'before';
  const holds = (bytes: readonly number[]): string => `${wordPlace(word)} ${bytes.map(hexByte).join(' ')}`;
  return {
    ...texts,
    [witness.side]: `${texts[witness.side]}; may leave ${holds(word.bytes)}`,
    [other]: `${texts[other]}; then leaves ${holds(word.otherBytes)}`,
  };
}

/** Bytes that may be lost, as text. */
function losses(run: Run, { life: number, acknowledgement }: Outcome, time: WitnessTime): string {
  const life = run.lives[number];
  if (life === undefined) return 'none';
  const { history, subsystem } = life;
  const set = time === 'acked' ? history.acked(acknowledgement) : history.inFlight(acknowledgement);
  return `may lose ${formatRanges(lossesOf(set, subsystem.memory))}`;
}

/** Instructions kept in an observation; the rest of a long list is summed up. */
const EVENTS_SHOWN = 12;

function eventsText(run: Run, outcome: Outcome): string {
  const events = eventsOf(run, outcome);
  const rest = events.length - EVENTS_SHOWN;
  return `${events.slice(0, EVENTS_SHOWN).join(' ') || '(no instruction)'}${rest > 0 ? ` … ${rest} more` : ''}`;
}
