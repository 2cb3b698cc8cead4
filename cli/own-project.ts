/** The project that this tool comes with, opened the way its caller wants things kept. */
import { openProject, type Project } from '#engine/project.ts';
import type { PatchSeries } from '#engine/series/trees.ts';
import type { SeriesRules } from '#checks/series.ts';
import configuration from '#series/conform.config.ts';
import type { CliContext } from './context.ts';

/** Opens the pmem series. */
export function ownProject(context: CliContext): Project<SeriesRules, PatchSeries> {
  return openProject(configuration, {
    cacheDir: context.cacheDir,
    cacheHome: context.cacheHome,
    warn: (message) => context.writeError(`${message}\n`),
  });
}
