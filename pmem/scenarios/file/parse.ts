/**
 * Reads the text of a scenario file: themes, and under each its scenarios. A scenario is its headers, its operations,
 * each with what must come of it, and what must come of the whole run, in this order (docs/SCENARIOS.md).
 */
import { InputError } from '#base/input-error.ts';
import { checkWorkload } from '../../language/check-workload.ts';
import { parseWorkload } from '../../language/notation.ts';
import { wordError } from '../../language/lines.ts';
import type { Scenario } from '../scenario.ts';
import { Draft } from './draft.ts';
import { fileLines, type FileLineOf, inFile } from './lines.ts';

/**
 * Reads and checks every scenario of a file, its workloads too. `file` is what complaints call it, and without its
 * ending the theme of scenarios that name none. Throws `InputError` with file, line, word and what is allowed.
 */
export function parseScenarios(text: string, file: string): Scenario[] {
  return inFile(file, () =>
    draftsOf(text, file).map((draft) => {
      draft.requireOperations();
      checkWorkload(parseWorkload(draft.workloadInPlace));
      return draft.finish();
    }),
  );
}

/** The same without a look at the words of operations, for files that a test has checked. */
export function readScenarios(text: string, file: string): Scenario[] {
  return inFile(file, () => draftsOf(text, file).map((draft) => draft.finish()));
}

function draftsOf(text: string, file: string): Draft[] {
  const drafts = new Map<string, Draft>();
  let theme = file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  let draft: Draft | undefined;
  for (const fileLine of fileLines(text)) {
    const { line } = fileLine;
    if (fileLine.kind === 'header' && fileLine.header === 'theme') {
      theme = textOf(fileLine);
      if (draft?.hasOperations === false) draft.theme = theme;
    } else if (fileLine.kind === 'header' && fileLine.header === 'scenario') {
      draft = new Draft(line, newName(fileLine, drafts), theme);
      drafts.set(draft.name, draft);
    } else if (draft === undefined) {
      const allowed = 'theme: TEXT or scenario: NAME first';
      throw wordError(line, line.words[0], `'${line.words[0]?.text}' outside a scenario`, allowed);
    } else {
      draft.take(fileLine);
    }
  }
  if (drafts.size > 0) return [...drafts.values()];
  throw new InputError(
    'no scenario in it\n  allowed: scenario: NAME, its operations, what must come of them',
  );
}

function textOf({ line, header, value }: FileLineOf<'header'>): string {
  if (value.text === '') throw wordError(line, undefined, `'${header}:' without a text`, `${header}: TEXT`);
  return value.text;
}

function newName(fileLine: FileLineOf<'header'>, drafts: ReadonlyMap<string, Draft>): string {
  const name = textOf(fileLine);
  const known = drafts.get(name);
  if (known === undefined) return name;
  const problem = `a second scenario '${name}'; the first is in line ${known.line.number}`;
  throw wordError(fileLine.line, fileLine.value, problem, 'a name of its own');
}
