/** Two versions of a series as text: a line a step, then what changed in each. */
import { counted } from '#base/counted.ts';
import type { Paint } from '#base/paint.ts';
import { isChanged, type SeriesVersions, type StepVersions } from './versions.ts';

/** Sentences of evidence that are shown of one step. */
const SHOWN_MAX = 12;

export function versionsText({ against, steps, dropped }: SeriesVersions, paint: Paint): string {
  const changed = steps.filter(isChanged);
  const lines = [
    paint('bold', `Against ${against}: ${changed.length} of ${counted(steps.length, 'step')} changed`),
    '',
    ...steps.map((step) => stepLine(step, paint)),
    ...dropped.map(({ step, subject }) => paint('red', `   -  dropped, was step ${step}  ${subject}`)),
    ...changed.flatMap((step) => detailLines(step, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function stepLine(versions: StepVersions, paint: Paint): string {
  const { step, subject } = versions;
  const text = `${statusOf(versions)}`.padEnd(24);
  return `${String(step).padStart(4)}  ${paint(isChanged(versions) ? 'yellow' : 'dim', text)}  ${subject}`;
}

/** What changed of a step, in a few words. */
export function statusOf(versions: StepVersions): string {
  const { was, step, patch, isMessageChanged, gone, come } = versions;
  if (was === undefined) return 'new';
  const parts = [
    ...(patch.length > 0 ? ['patch'] : []),
    ...(isMessageChanged ? ['words'] : []),
    ...(gone.length + come.length > 0 ? ['evidence'] : []),
  ];
  const moved = was === step ? '' : ` (was ${was})`;
  return `${parts.length === 0 ? 'same' : parts.join(', ')}${moved}`;
}

function detailLines(versions: StepVersions, paint: Paint): string[] {
  const { step, subject, patch, gone, come } = versions;
  if (patch.length + gone.length + come.length === 0) return [];
  return [
    '',
    paint('bold', `step ${step}  ${subject}`),
    ...patch.map(
      (line) => `  ${line.startsWith(' ') ? line : paint(line.startsWith('+') ? 'green' : 'red', line)}`,
    ),
    ...factLines(gone, '-', 'red', paint),
    ...factLines(come, '+', 'green', paint),
  ];
}

function factLines(facts: readonly string[], sign: string, colour: 'red' | 'green', paint: Paint): string[] {
  const more = facts.length - SHOWN_MAX;
  return [
    ...facts.slice(0, SHOWN_MAX).map((fact) => paint(colour, `  ${sign} ${fact}`)),
    ...(more > 0 ? [paint(colour, `  ${sign} and ${more} more`)] : []),
  ];
}
