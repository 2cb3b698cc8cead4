/** `conform series`: works on the patches with ordinary git (`npm run series -- unfold DIR`). */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkSeries } from '#engine/series/check.ts';
import { foldSeries, type SeriesFolders, unfoldSeries } from '#engine/series/unfold.ts';
import type { CliContext } from '../context.ts';
import { ownProject } from '../own-project.ts';

export function registerSeries(program: Command, context: CliContext): void {
  const folders = (): SeriesFolders => ownProject(context).series.source;
  const series = program.command('series').description('work on the patches of the series with ordinary git');
  series
    .command('unfold')
    .description('make a git repository with one commit a step: edit, rebase, bisect, range-diff there')
    .argument('<folder>', 'an empty folder, or one that does not exist')
    .action((folder: string) => {
      const count = unfoldSeries(folders(), resolve(folder));
      context.write(`${folder}: the tree before, and ${count} commits on branch 'series'\n`);
    });
  series
    .command('fold')
    .description('write the commits back as patches, and the last tree as after/')
    .argument('<folder>', 'a folder made by unfold')
    .action((folder: string) => {
      for (const name of foldSeries(folders(), resolve(folder))) context.write(`series/${name}\n`);
    });
  series
    .command('check')
    .description('check that the patches apply one after the other and lead from before/ to after/')
    .action(() => {
      context.write(`${checkSeries(folders())} patches lead from before/ to after/\n`);
    });
}
