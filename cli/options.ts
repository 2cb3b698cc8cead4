/** Options that several commands have. */
import { type Command, Option } from 'commander';
import { CASE_FORMATS } from './report/cases.ts';

/** `--format text|json`. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');
}

/** `--format` of commands that services of CI read. */
export function caseFormatOption(): Option {
  return new Option('--format <format>', 'how to print').choices(['text', ...CASE_FORMATS]).default('text');
}

/** `--before TREE` and `--after TREE`. */
export function treeOptions(command: Command): Command {
  const names =
    'before, after, step-N, a variant, VARIANT@N, step-N@VARIANT, a revision of git, or a folder as ./FOLDER';
  return command
    .option('--before <tree>', `the left side (default: before): ${names}`)
    .option('--after <tree>', 'the right side (default: after)');
}
