/** Options that several commands have. */
import { type Command, Option } from 'commander';
import { treeNames } from '#engine/series/trees.ts';

/** `--format text|json`. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');
}

/** `--before TREE` and `--after TREE`. */
export function treeOptions(command: Command): Command {
  const names = treeNames().join(', ');
  return command
    .option('--before <tree>', `the left side: ${names}`, 'before')
    .option('--after <tree>', `the right side: ${names}`, 'after');
}
