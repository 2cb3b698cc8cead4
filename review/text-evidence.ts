/**
 * The evidence of a step as text: what was run and compared, differences by declaration with one witness each,
 * failures with all that is needed to see them again, standing defects, and what was not exercised.
 */
import { counted } from '#base/counted.ts';
import type { Paint } from '#base/paint.ts';
import type { Failure } from '#engine/failure.ts';
import type { Unnoticed } from '#engine/subject.ts';
import {
  claimIdOf,
  conditionText,
  costChange,
  costRows,
  type DifferenceGroup,
  differenceGroups,
  placeOfDifference,
  rangesOf,
  rangeText,
  relationsText,
  scenariosIn,
  shownText,
} from './evidence-groups.ts';
import type { Claim, StepReview } from './model.ts';
import { labelled, sideBySide, wrapped } from './text-layout.ts';
import { seenOneWay, whatCameOf, withoutEffect } from './unnoticed.ts';

/** Costs over all scenarios, a row a kind of instruction. */
export function costLines(review: StepReview, paint: Paint): string[] {
  return costRows(review).map((row) => {
    const change = costChange(row);
    const colour = change === '=' ? 'dim' : change.startsWith('+') ? 'yellow' : 'green';
    const counts = `${String(row.before).padStart(10)} -> ${String(row.after).padEnd(10)}`;
    return `  ${row.name.padEnd(14)}${counts} ${paint(colour, change)}`;
  });
}

/** What was run, then differences, group by group. */
export function evidenceLines(review: StepReview, paint: Paint): string[] {
  const { evidence } = review;
  const groups = differenceGroups(review);
  return [
    `  ${counted(evidence.workloads, 'scenario')} run, ${counted(evidence.places, 'place')} compared with the step before`,
    `  against before/: ${relationsText(review)}`,
    ...evidence.untried.flatMap(({ workload, why }) => labelled('says nothing', `${workload} ${why}`)),
    ...(groups.length === 0 ? ['  no difference in any dimension'] : []),
    ...groups.flatMap((group) => groupLines(group, review.claims, paint)),
    ...exercisedLines(review),
    ...neverRunLines(review),
    ...unnoticedLines(review),
  ];
}

function groupLines(group: DifferenceGroup, claims: readonly Claim[], paint: Paint): string[] {
  const { declaration, differences } = group;
  const claim = claims.find(({ id }) => id === claimIdOf(group));
  const seen = `${counted(differences.length, 'difference')} in ${counted(scenariosIn(group), 'scenario')}`;
  const name = declaration === undefined ? paint('red', 'not declared') : paint('bold', declaration.id);
  const title = `${name}  ${group.dimension} ${group.relation}`;
  const witness = claim?.witness ?? differences[0];
  if (witness === undefined) return [`  ${title}: ${paint('red', 'nothing showed it')}`];
  return [
    `  ${title}: ${seen}`,
    ...labelled('for example', placeOfDifference(witness), '      '),
    ...labelled('was', witness.before, '      '),
    ...labelled('is', witness.after, '      '),
    ...('replay' in witness ? [`      replay        ${witness.replay}`] : []),
  ];
}

function exercisedLines({ unused }: StepReview): string[] {
  if (unused === undefined) return [];
  if (unused.length === 0) return ['  every operation of the language was used'];
  return labelled('not exercised', unused.join(', '));
}

function neverRunLines({ notReached }: StepReview): string[] {
  if (notReached === undefined) return [];
  if (notReached.length === 0) return ['  a scenario runs every new line'];
  return notReached.flatMap(({ file, lines }) =>
    labelled('never run', `${file}:${rangesOf(lines).map(rangeText).join(', ')}`),
  );
}

/** New code that can be changed, and nothing comes out otherwise. */
function unnoticedLines(review: StepReview): string[] {
  if (review.unnoticed === undefined) return [];
  const untried = review.unnoticed.untried.map(
    ({ file, lines: own }) => `${file}:${rangesOf(own).map(rangeText).join(', ')}`,
  );
  return [
    ...changeLines('no effect', withoutEffect(review)),
    ...changeLines('one way only', seenOneWay(review)),
    ...untried.flatMap((place) => labelled('not changed', place)),
  ];
}

function changeLines(label: string, changes: readonly Unnoticed[]): string[] {
  return changes.flatMap((one) =>
    labelled(label, `${one.file}:${one.line} '${one.code}' ${whatCameOf(one)}`),
  );
}

/** Declared differences, with conditions and reasons. */
export function declarationLines({ contract }: StepReview, paint: Paint): string[] {
  if (contract.differences.length === 0)
    return ['  declares no difference: the step must behave as the one before'];
  return contract.differences.flatMap((declaration) => [
    `  ${paint('bold', declaration.id)}  ${shownText(declaration)}, when: ${conditionText(declaration.when)}`,
    ...wrapped(declaration.because, '      '),
  ]);
}

/** Failures: message, workload, witness, traces of both sides beside each other, replay command. */
export function failureLines(failures: readonly Failure[], paint: Paint): string[] {
  return failures.flatMap((failure) => [
    `  ${paint('red', failure.kind)}`,
    ...wrapped(failure.message, '      '),
    ...block('workload', failure.workload?.trimEnd().split('\n')),
    ...block('witness', failure.witness),
    ...(failure.traces ?? []).flatMap(({ at, before, after }) => [
      `      ${paint('bold', at)}`,
      ...sideBySide(before, after, ['before', 'after']),
    ]),
    ...block('replay', failure.replay === undefined ? undefined : [failure.replay]),
  ]);
}

function block(title: string, lines: readonly string[] | undefined): string[] {
  return lines === undefined ? [] : [`      ${title}:`, ...lines.map((line) => `        ${line}`)];
}
