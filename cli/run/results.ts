/** What came of a run: whether all is as expected, as text and as cases. */
import type { Paint } from '#base/paint.ts';
import type { EndsReport } from '#engine/ends.ts';
import type { StepEvidence } from '#engine/judge.ts';
import type { Project } from '#engine/project.ts';
import { failureLines, stepMatrix, untriedLines, variantLines } from '#engine/report.ts';
import type { VariantVerdict } from '#engine/variant.ts';
import type { Case } from '../report/cases.ts';
import type { RunOptions } from './options.ts';

/** What was judged; parts that nobody asked for are absent. */
export interface Results {
  ends?: EndsReport;
  steps?: readonly StepEvidence[];
  variants?: readonly VariantVerdict[];
}

export function isBad({ ends, steps = [], variants = [] }: Results): boolean {
  return (
    (ends?.wrongCount ?? 0) > 0 ||
    steps.some(({ failures }) => failures.length > 0) ||
    variants.some(({ asExpected }) => !asExpected)
  );
}

export function dataOf({ ends, ...others }: Results): object {
  return { ...(ends !== undefined && { suite: ends.data }), ...others };
}

/** Everything that was held to something. */
export function casesOf({ ends, steps = [], variants = [] }: Results, project: Project): Case[] {
  const patches = project.series.patches();
  const endsCases =
    ends?.cases ??
    (ends === undefined
      ? []
      : [{ name: 'both ends', problems: ends.wrongCount === 0 ? [] : [ends.verdict] }]);
  return [
    ...endsCases.map((one) => ({ suite: 'ends', ...one })),
    ...steps.map(({ step, failures }) => ({
      suite: 'steps',
      name: `step ${step} ${patches[step - 1]?.subject ?? ''}`.trim(),
      problems: failures.map(({ kind, message }) => `${kind}: ${message}`),
      file: patches[step - 1]?.fileName || undefined,
    })),
    ...variants.map(({ name, asExpected, failures }) => ({
      suite: 'variants',
      name,
      problems: asExpected
        ? []
        : ['not as expected', ...failures.map(({ kind, message }) => `${kind}: ${message}`)],
    })),
  ];
}

export function textOf(
  { ends, steps, variants }: Results,
  project: Project,
  options: RunOptions,
  paint: Paint,
): string {
  const isOnly = [ends, steps, variants].filter((part) => part !== undefined).length === 1;
  const isLong = options.verbose || isOnly;
  const parts = [
    ...(ends === undefined ? [] : [ends.text(options.verbose || options.only !== undefined, paint)]),
    ...(steps === undefined ? [] : [stepsText(steps, project, isLong, paint)]),
    ...(variants === undefined ? [] : [variantsText(variants, isLong, paint)]),
  ];
  const sentences = [
    ...(ends === undefined ? [] : [ends.verdict]),
    ...(steps === undefined ? [] : [stepsVerdict(steps)]),
    ...(variants === undefined ? [] : [variantsVerdict(variants)]),
  ];
  const colour = isBad({ ...(ends && { ends }), ...(steps && { steps }), ...(variants && { variants }) })
    ? 'red'
    : 'green';
  return `${parts.filter((part) => part !== '').join('\n')}\n${paint(colour, `${sentences.join('; ')}.`)}\n`;
}

/** The matrix when it is wanted or something fails, then what is wrong. */
function stepsText(steps: readonly StepEvidence[], project: Project, isLong: boolean, paint: Paint): string {
  const titles = project.series.patches().map(({ subject }) => subject);
  const failures = steps.flatMap(({ step, failures: own }) =>
    own.flatMap((failure) => failureLines(stepText(project, step), failure, paint)),
  );
  if (!isLong && failures.length === 0) return '';
  const matrix = stepMatrix(steps, titles, project.contracts(), project.subject.dimensions, paint);
  const untried = steps.flatMap((one) => untriedLines(`step ${one.step}`, one, paint));
  return [matrix, ...failures, ...untried].join('\n');
}

/** A step as it is named beside what is wrong with it: a commit with hash and subject. */
function stepText({ series }: Project, step: number): string {
  const { commit, subject } = series.patches()[step - 1] ?? {};
  return commit === undefined ? `step ${step}` : `step ${step}, ${commit.slice(0, 12)} ${subject}`;
}

function stepsVerdict(steps: readonly StepEvidence[]): string {
  const failing = steps.filter(({ failures }) => failures.length > 0).map(({ step }) => step);
  if (failing.length > 0)
    return failing.length === 1
      ? `step ${failing[0]}${steps.length === 1 ? '' : ` of ${steps.length}`} fails`
      : `steps ${failing.join(', ')} of ${steps.length} fail`;
  const pure = steps.filter(({ differences }) => differences.length === 0).length;
  if (steps.length === 1) return `step ${steps[0]?.step} keeps its contract`;
  return `${steps.length} steps keep their contracts, ${pure} of them change nothing`;
}

function variantsText(variants: readonly VariantVerdict[], isLong: boolean, paint: Paint): string {
  const unexpected = variants.filter(({ asExpected }) => !asExpected);
  const shown = isLong ? variants : unexpected;
  if (shown.length === 0) return '';
  return [
    paint('bold', 'Variants: what the suite must convict'),
    ...variantLines(shown, paint),
    ...unexpected.flatMap(({ name, failures }) =>
      failures.flatMap((failure) => failureLines(name, failure, paint)),
    ),
    '',
  ].join('\n');
}

function variantsVerdict(variants: readonly VariantVerdict[]): string {
  const wrong = variants.filter(({ asExpected }) => !asExpected).map(({ name }) => name);
  if (wrong.length > 0) return `not as expected: ${wrong.join(', ')}`;
  const [only] = variants;
  if (variants.length === 1 && only !== undefined)
    return `${only.name} is ${only.convictedAt === null ? 'cleared' : 'convicted'} as it must be`;
  return `${variants.length} variants are convicted or cleared as they must be`;
}
