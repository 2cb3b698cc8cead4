/** Options that `conform lint` and `conform graph` share. */
import { Option, type Command } from 'commander';
import { COMPILERS } from '#checks/oracle/open.ts';

/** Options that say which project is meant. */
export function projectOptions(command: Command): Command {
  return command
    .option(
      '--project <tsconfig...>',
      'project to judge (default: the nearest tsconfig.json; where packages are listed, those of all packages)',
    )
    .option(
      '--rules <file>',
      'rules to judge it by (default: the nearest boundary.config.ts, .mts, .js, .mjs or .json)',
    )
    .option('--base <folder>', 'folder that file names in rules start from (default: that of the rules file)')
    .addOption(
      new Option('--oracle <name>', 'compiler that resolves symbols').choices(COMPILERS).default('ts-morph'),
    );
}
