/**
 * What differs between two runs of one workload, operation by operation, as data (design.md 8). Lives that began from
 * different images are not compared: their differences follow from the one that made the images differ.
 */
import type { Comparison } from '#machine/images/image-set-relation.ts';
import { describeResult } from '#kernel/subsystem/subsystem.ts';
import { compareRuns, type OperationComparison } from './compare.ts';
import { eventsOf } from '../run/events.ts';
import { formatRanges, lossesOf } from './losses.ts';
import type { Outcome, Run } from '../run/run.ts';
import { hexByte, witnessesOf, type WitnessTime, wordPlace } from './witness.ts';
import type { ObservedDifference } from '#engine/evidence.ts';
import type { Workload } from '../language/workload.ts';

/** A difference, the operation's place in the workload (-1 for the whole run), and the comparison behind it. */
export interface Observation extends ObservedDifference {
  readonly index: number;
  readonly comparison?: OperationComparison;
}

/** Everything that differs between `before` and `after`, in the order of the workload. */
export function observe(scenario: string, workload: Workload, before: Run, after: Run): Observation[] {
  const { operations, sameLog } = compareRuns(before, after);
  const found: Observation[] = [];
  let mediaDiffer = false;
  let life = 0;
  for (const operation of operations) {
    if (operation.before.life !== life) {
      mediaDiffer ||= found.some(({ dimension }) => dimension === 'acked');
      life = operation.before.life;
    }
    if (!mediaDiffer) found.push(...observationsOf(scenario, workload, before, after, operation));
  }
  if (!sameLog) found.push(logObservation(scenario, before, after));
  return found;
}

/** Lines of a log that the other run does not have. */
function ownLines(own: Run, other: Run): string {
  return own.log.filter((line) => !other.log.includes(line)).join('; ') || 'nothing';
}

function logObservation(scenario: string, before: Run, after: Run): Observation {
  return {
    scenario,
    index: -1,
    operation: 0,
    operationText: 'kernel log',
    dimension: 'log',
    relation: 'other',
    before: ownLines(before, after),
    after: ownLines(after, before),
  };
}

function observationsOf(
  scenario: string,
  workload: Workload,
  before: Run,
  after: Run,
  comparison: OperationComparison,
): Observation[] {
  const { index, text } = comparison.before;
  const base = { scenario, index, operation: index + 1, operationText: text, comparison };
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
    found.push({ ...base, dimension, relation, ...imageTexts(before, after, comparison, dimension) });
  }
  if (!comparison.sameCost) {
    found.push({
      ...base,
      dimension: 'cost',
      relation: 'other',
      before: eventsText(before, comparison.before),
      after: eventsText(after, comparison.after),
    });
  }
  return found;
}

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
