/** Exceptions written beside the code, as a list and as a number that may not grow. */
import type { Finding } from '#checks/finding.ts';
import type { ForeignProject } from '#checks/lint.ts';
import type { LintResult, ExceptionUse } from '#checks/result.ts';

/** All exceptions with their reasons, and how many each rule has. */
export function listExceptions(result: LintResult): string {
  const all = exceptionsOf(result);
  const ids = [...new Set(all.map(({ id }) => id))].sort();
  const counts = ids.map((id) => {
    const own = all.filter((one) => one.id === id);
    const bare = own.filter(({ reason }) => reason === '').length;
    return `${id}: ${own.length}${bare === 0 ? '' : ` (${bare} without a reason)`}\n`;
  });
  const lines = all.map(({ file, line, id, reason }) => `${file}:${line}  ${id}  ${reason}\n`);
  return [...lines, ...counts, `${all.length} exceptions\n`].join('');
}

function exceptionsOf(result: LintResult): readonly ExceptionUse[] {
  const found = result.projects.flatMap(({ exceptions }) => exceptions);
  return [...new Map(found.map((one) => [`${one.file}:${one.line}:${one.id}`, one])).values()];
}

/** Adds a finding when there are more exceptions than the rules file allows. */
export function tooManyExceptions(
  result: LintResult,
  { exceptionsMax, rulesName }: Pick<ForeignProject, 'exceptionsMax' | 'rulesName'>,
): LintResult {
  const count = exceptionsOf(result).length;
  if (exceptionsMax === undefined || count <= exceptionsMax) return result;
  const finding: Finding = {
    ruleId: 'exceptions',
    severity: 'error',
    certainty: 'bad-exception',
    step: undefined,
    place: {
      file: rulesName,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      source: '',
      enclosing: '(rules)',
    },
    symbol: 'exceptions',
    message: `there are ${count} exceptions beside the code; the rules allow ${exceptionsMax}`,
    via: [],
    because: 'The number of exceptions may only go down.',
    instead: 'Mend one of them (conform lint --list-exceptions), or raise exceptions.max in the rules file.',
    occurrence: 0,
  };
  return { ...result, findings: [...result.findings, finding] };
}
