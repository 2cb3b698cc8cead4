/**
 * Text for people: each finding with its place, the source line, the road to the symbol, the reason and the advice;
 * a summary last. Colours are ANSI codes and only used when asked for.
 */
import type { Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';
import { counted } from '#base/counted.ts';
import { printableLines } from '#base/printable.ts';

export interface TextOptions {
  readonly color: boolean;
  /** How many findings of one rule are shown; all when left out. */
  readonly shownMax?: number | undefined;
}

/** The whole report, ending with a newline. Findings beyond the limit are counted by rule. */
export function textReport(result: LintResult, { color, shownMax = Infinity }: TextOptions): string {
  const paint = painter(color);
  const counts = new Map<string, number>();
  const hidden = new Map<string, Finding[]>();
  const shown = result.findings.filter((finding) => {
    const { ruleId } = finding;
    const count = (counts.get(ruleId) ?? 0) + 1;
    counts.set(ruleId, count);
    if (count <= shownMax) return true;
    const others = hidden.get(ruleId);
    if (others === undefined) hidden.set(ruleId, [finding]);
    else others.push(finding);
    return false;
  });
  const blocks = shown.map((finding) => findingText(finding, paint));
  const rest = [...hidden].map(([ruleId, findings]) => hiddenText(ruleId, findings));
  return [...blocks, ...rest, summary(result, paint)].join('\n');
}

function hiddenText(ruleId: string, findings: readonly Finding[]): string {
  const files = counted(new Set(findings.map(({ place }) => place.file)).size, 'file');
  return `${ruleId}: ${findings.length} more in ${files}, not shown (--max-shown 0 shows all)\n`;
}

type Style = 'bold' | 'red' | 'yellow' | 'cyan' | 'dim' | 'green';
type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

function painter(color: boolean): Paint {
  return (style, text) => (color ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text);
}

/** A line of a source, safe to print; what indents it stays. */
const printableSource = (line: string): string => line.split('\t').map(printableLines).join('\t');

function findingText(finding: Finding, paint: Paint): string {
  const { place, step } = finding;
  const where = `${printableLines(place.file)}:${place.line}:${place.column}`;
  const { commit } = finding;
  const after = step === undefined ? '' : `step ${step}: `;
  const at = `${commit === undefined ? after : `commit ${commit.number} ${commit.id.slice(0, 12)} ${printableLines(commit.subject)}: `}${where}`;
  const kind = finding.certainty === 'violation' ? finding.severity : finding.certainty;
  const lines = [
    `${paint('bold', at)}  ${paint(finding.severity === 'error' ? 'red' : 'yellow', kind)}  ${finding.ruleId}  ${printableLines(finding.message)}`,
    ...frame(finding, paint),
    ...finding.via.map((stop) => `    reached through ${printableLines(stop)}`),
    ...(finding.notes ?? []).map((note) => `    note: ${printableLines(note)}`),
    `    why: ${printableLines(finding.because)}`,
    `    instead: ${printableLines(finding.instead)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function frame({ place }: Finding, paint: Paint): readonly string[] {
  if (place.source === '') return [];
  const gutter = String(place.line);
  const end = place.endLine === place.line ? place.endColumn - 1 : place.source.length;
  const { length: width } = printableSource(place.source.slice(place.column - 1, end));
  const lead = printableSource(place.source.slice(0, place.column - 1)).replace(/[^\t]/g, ' ');
  return [
    `    ${paint('dim', `${gutter} |`)} ${printableSource(place.source)}`,
    `    ${paint('dim', `${' '.repeat(gutter.length)} |`)} ${lead}${paint('cyan', '^'.repeat(Math.max(1, width)))}`,
  ];
}

function summary(result: LintResult, paint: Paint): string {
  const count = (certainty: string): number =>
    result.findings.filter((finding) => finding.certainty === certainty).length;
  const scope = `${counted(result.rules.length, 'rule')} over ${counted(result.files, 'file')}`;
  if (result.findings.length === 0) return `${paint('green', 'clean')}: ${scope}, nothing found\n`;
  const kinds = [
    'violation',
    'unprovable',
    'hint',
    'empty-rule',
    'stale-baseline',
    'bad-exception',
    'stale-exception',
    'disagreement',
  ];
  const counts = kinds.filter((kind) => count(kind) > 0).map((kind) => `${count(kind)} ${kind}`);
  return `${counted(result.findings.length, 'finding')} (${counts.join(', ')}) by ${scope}\n`;
}
