/** The comparison of two recordings as JUnit XML: a case for each acknowledgement, and for each that one side lacks. */
import { escapeMarkup } from '#base/escape-markup.ts';
import type { Compared, CompareOptions } from '../compare/compared.ts';

/** The report, ending with a newline; `text` is the report for people. */
export function junitOfComparison(compared: Compared, options: CompareOptions, text: string): string {
  const { acknowledgements, alignment, anyTime, differentRuns, recordings } = compared;
  const cases: { name: string; failure: string | undefined }[] = acknowledgements.map(
    ({ label, acknowledged, inFlight }) => ({
      name: label,
      failure:
        isBad(acknowledged) || differentRuns !== undefined
          ? `acknowledged ${acknowledged ?? ''}`
          : options.gateInFlight === true && isBad(inFlight)
            ? `in flight ${inFlight ?? ''}`
            : undefined,
    }),
  );
  if (anyTime !== undefined) cases.push({ name: 'any time', failure: isBad(anyTime) ? anyTime : undefined });
  if (options.common !== true && options.anyTime !== true) {
    for (const label of alignment.onlyBefore)
      cases.push({ name: label, failure: 'only before acknowledges it' });
    for (const label of alignment.onlyAfter)
      cases.push({ name: label, failure: 'only after acknowledges it' });
  }
  const failed = cases.filter(({ failure }) => failure !== undefined);
  const numbers = `tests="${cases.length}" failures="${failed.length}" errors="0"`;
  const suite = escapeMarkup(`${recordings[0].source} against ${recordings[1].source}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="conform compare" ${numbers}>`,
    `  <testsuite name="${suite}" ${numbers}>`,
    ...cases.map(({ name, failure }) => {
      const start = `    <testcase classname="compare" name="${escapeMarkup(name)}"`;
      if (failure === undefined) return `${start}/>`;
      const body = failed[0]?.name === name ? escapeMarkup(text) : '';
      return `${start}><failure type="relation" message="${escapeMarkup(failure)}">${body}</failure></testcase>`;
    }),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const isBad = (relation: string | undefined): boolean => relation === 'weaker' || relation === 'incomparable';
