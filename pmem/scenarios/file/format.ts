/** Writes scenarios as a scenario file; reading it gives the same scenarios. */
import type { ExpectedRelation, Expectation, Scenario } from '../scenario.ts';
import { NOTHING } from './values.ts';

/** Longest line of an operation with its results. */
const WIDTH = 100;

/** The text of scenarios, a `theme:` line where the theme changes. */
export function formatScenarios(scenarios: readonly Scenario[]): string {
  const parts = scenarios.map((scenario, index) => {
    const isNewTheme = scenario.theme !== scenarios[index - 1]?.theme;
    return [...(isNewTheme ? [`theme: ${scenario.theme}\n`] : []), scenarioText(scenario)].join('\n');
  });
  return parts.join('\n');
}

function scenarioText({ name, source, shows, workload, expected, relations }: Scenario): string {
  const headers = Object.entries({ scenario: name, source, shows }).filter(([, text]) => text !== '');
  let operation = 0;
  const operations = workload.split('\n').flatMap((line) => {
    if (/^boot\b/.test(line)) return [line];
    if (/^while\b/.test(line)) operation++;
    const own = expected.filter((expectation) => expectation.operation === operation);
    operation++;
    return operationLines(line, own);
  });
  const whole = expected.filter((expectation) => expectation.operation === undefined);
  return [
    ...headers.map(([header, text]) => `${header}: ${text}`),
    ...operations.map((line) => `  ${line}`),
    ...whole.flatMap(expectationLines),
    ...relations.map(relationLine),
    '',
  ].join('\n');
}

function operationLines(line: string, expected: readonly Expectation[]): string[] {
  const results = expected.filter(({ about }) => about === 'result');
  const rest = expected.filter(({ about }) => about !== 'result').flatMap(expectationLines);
  const texts = results.map(({ tree, value }) => (tree === undefined ? value : `${tree}: ${value}`));
  const inline = `${line} => ${texts.join(', ')}`;
  const fits = texts.length === 1 || inline.length <= WIDTH;
  // A result for all trees has no label, so it can not share a line; an oops goes on to the end of its line.
  const isPlain = results.every(({ tree, value }) => tree !== undefined && !value.startsWith('oops: '));
  const lines =
    results.length === 0
      ? [line]
      : fits && (texts.length === 1 || isPlain)
        ? [inline]
        : [line, ...texts.map((text) => `  => ${text}`)];
  return [...lines, ...rest.map((text) => `  ${text}`)];
}

function expectationLines({ about, tree, value }: Expectation): string[] {
  const word = tree === undefined ? about : `${about} ${tree}`;
  const values = about === 'log' ? value.split('\n') : [value];
  return values.map((text) => `${word}: ${text || NOTHING}`);
}

function relationLine({ before, after, acked, synced }: ExpectedRelation): string {
  const relations =
    acked === synced
      ? [acked]
      : [acked && `acknowledged ${acked}`, synced && `synced ${synced}`].filter((text) => text !== undefined);
  return `images ${before} -> ${after}: ${relations.join(', ')}`;
}
