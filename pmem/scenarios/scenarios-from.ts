/** Scenarios that somebody brings along in a file. */
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { parseScenarios } from './file/parse.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios of `file` (`-` is standard input). Throws `InputError` when it cannot be read or says what it may not. */
export function scenariosFrom(file: string): Scenario[] {
  return parseScenarios(textOf(file), file === '-' ? 'standard input' : file);
}

function textOf(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
