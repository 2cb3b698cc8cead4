/** Gathers all that the book of a project shows. */
import { judgeVariants } from '#engine/judge-series.ts';
import type { Project } from '#engine/project.ts';
import { shownVariants } from '#engine/shown-variants.ts';
import { callerTrends } from '../caller-counts.ts';
import {
  type Gathering,
  gatherReviews,
  gatherSurfaces,
  gatherVersions,
  problemsOfAdditions,
  withUnreached,
  withShown,
} from '../gather.ts';
import { matrixOf } from '../matrix.ts';
import { type Timelines, timelinesOf } from '../timelines.ts';
import type { Book } from './model.ts';
import { stepVersionsHtml, versionsHtml } from './versions.ts';

/** How the book is gathered. */
export interface BookGathering extends Gathering {
  /** Hears of each workload before it is tried on variants. */
  readonly onVariant?: (done: number, total: number) => void;
}

/**
 * The book of all steps; of one step where `only` is its number, and without what only the whole series can say. `against`: a version of
 * the series that it is compared with.
 */
export async function gatherBook(
  project: Project,
  only: number | undefined,
  gathering: BookGathering,
  against?: string,
): Promise<Book> {
  const { series, name } = project;
  const { store, onVariant } = gathering;
  const judged = await gatherReviews(project, only ?? 1, only ?? series.stepCount, gathering);
  const reviews = await withUnreached(project, gathering, await withShown(project, store, judged));
  const versions =
    against === undefined ? undefined : await gatherVersions(project, against, reviews, gathering);
  const timelines = new Map<number, Timelines>();
  for (const review of reviews) timelines.set(review.step, await timelinesOf(project, store, review));
  store.save();
  const surfaces = only === undefined ? await gatherSurfaces(project, gathering) : undefined;
  const going = [...new Set(project.contracts().flatMap(({ noCallersFromHere }) => noCallersFromHere))];
  return {
    title: name,
    letter: series.coverLetter?.(),
    reviews,
    timelines,
    stepCount: series.stepCount,
    matrix: matrixOf(reviews),
    additions: problemsOfAdditions(project, surfaces),
    trends: surfaces === undefined ? [] : callerTrends(surfaces, going),
    ...(only === undefined && {
      variants: await shownVariants(
        project,
        store,
        await judgeVariants(project, series.variants.names(), {
          store,
          ...(onVariant && { onProgress: onVariant }),
        }),
      ),
    }),
    versions: versions === undefined ? '' : versionsHtml(versions),
    ...(versions && {
      versionsOfStep: new Map(
        versions.steps.map((own) => [own.step, stepVersionsHtml(own, versions.against)]),
      ),
    }),
  };
}
