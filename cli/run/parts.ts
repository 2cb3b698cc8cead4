/** What a run judges: both ends, steps, variants, as its options say. */
import { InputError } from '#base/input-error.ts';
import type { EndsReporter } from '#engine/ends.ts';
import { plainEnds } from '#engine/plain-ends.ts';
import type { Project } from '#engine/project.ts';
import { refuseTogether } from '../exclusive.ts';
import type { RunOptions } from './options.ts';

/** Parts that are not judged are absent. */
export interface Parts {
  readonly ends?: EndsReporter;
  readonly steps?: { readonly from: number; readonly to: number };
  readonly variants?: readonly string[];
}

/** What to judge. Throws `InputError` for options that exclude each other, and for steps and variants that are not there. */
export function partsOf(options: RunOptions, project: Project): Parts {
  const { series, ends: reporter } = project;
  const { only, scenarios, before, after, ends, variant, coverage } = options;
  const names = series.variants.names();
  const endsOptions = {
    '--ends': ends,
    '--only': only !== undefined,
    '--scenarios': scenarios !== undefined,
    '--before': before !== undefined,
    '--after': after !== undefined,
    '--coverage': coverage,
  };
  refuseTogether({
    'both ends': endsOptions,
    'one step': { '--step': options.step !== undefined },
    'steps from one on': { '--from': options.from !== undefined },
    'one variant': { '--variant': variant !== undefined },
  });
  const [step, from] = [options.step, options.from].map((given) =>
    given === undefined ? undefined : series.stepNamed(given),
  );
  if (variant !== undefined && !names.includes(variant))
    throw new InputError(
      `unknown variant '${variant}'\n  allowed: ${names.join(', ') || 'this series has none'}`,
    );
  if (variant !== undefined) return { variants: [variant] };
  if (step !== undefined) return { steps: { from: step, to: step } };
  if (from !== undefined) return { steps: { from, to: series.stepCount } };
  const [given] = Object.entries(endsOptions).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
  const ownEnds = reporter === undefined ? {} : { ends: reporter };
  if (given !== undefined) return { ends: reporter ?? anyEnds(options, project) };
  return {
    ...ownEnds,
    steps: { from: 1, to: series.stepCount },
    ...(names.length > 0 && { variants: names }),
  };
}

/** Compares two trees of a project that has no report of its own about them. Throws `InputError` for options that are about one. */
function anyEnds({ only, scenarios, coverage }: RunOptions, { subject }: Project): EndsReporter {
  const refused = {
    '--only': only !== undefined,
    '--scenarios': scenarios !== undefined,
    '--coverage': coverage,
  };
  for (const [option, isGiven] of Object.entries(refused))
    if (isGiven)
      throw new InputError(
        `${option} is not for this project\n  allowed: --ends, --before, --after, --step, --from, --fresh, --verbose`,
      );
  return plainEnds(subject);
}
