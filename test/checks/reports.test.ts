// Each form of output says the same, and what other programs read is well-formed.
import path from 'node:path';
import type { Log } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '#checks/context.ts';
import { boundary, noReference, type Rule } from '#checks/define-rules.ts';
import { openTypeScript6 } from '#checks/oracle/compiler-ts6.ts';
import { render } from '#checks/report/formats.ts';
import { joinResults, type LintResult } from '#checks/result.ts';
import { runRules } from '#checks/run.ts';
import { sarifProblems } from '../support/published-schemas.ts';

const base = path.resolve(import.meta.dirname, '../../checks/fixtures/removed-symbol/bad');
const plain = { color: false };
let result: LintResult;

beforeAll(() => {
  const header = {
    title: 'a <title> & "more"',
    because: 'it is\nremoved, 100%: yes',
    instead: "use the 'driver'",
  };
  const rules: readonly Rule[] = [
    noReference({ ...header, id: 'R-1', symbols: ['api/pmem.ts#memcpyToPmem'] }),
    boundary({ ...header, id: 'R-2', files: ['api/**'], mustNotImport: ['case-*'] }),
  ];
  const compiler = openTypeScript6({ tsconfig: path.join(base, 'tsconfig.json') });
  result = joinResults(rules, [runRules(createContext(compiler, base), rules)]);
});

describe('SARIF', () => {
  it('should be valid by the schema of SARIF 2.1.0', () => {
    expect(sarifProblems(render(result, 'sarif', plain))).toEqual([]);
  });

  it('should declare all rules and give every result its own stable fingerprint', () => {
    const log = JSON.parse(render(result, 'sarif', plain)) as Log;
    const run = log.runs[0]!;
    expect(run.tool.driver.rules?.map((rule) => rule.id)).toEqual(['R-1', 'R-2']);
    const prints = run.results!.map((item) => item.partialFingerprints?.['conformIdentity/v1']);
    expect(new Set(prints).size).toBe(result.findings.length);
  });
});

describe('the other forms', () => {
  it('should count the same findings', () => {
    const count = result.findings.length;
    const json = JSON.parse(render(result, 'json', plain)) as { readonly findings: readonly unknown[] };
    expect(json.findings).toHaveLength(count);
    expect(render(result, 'github', plain).trimEnd().split('\n')).toHaveLength(count);
    expect(render(result, 'junit', plain).match(/<failure /g)).toHaveLength(count);
    expect(render(result, 'html', plain).match(/<article /g)).toHaveLength(count);
    expect(render(result, 'text', plain)).toContain(`${count} findings`);
  });

  it('should show people so many findings of a rule, and count the rest of it', () => {
    const ofRule = (id: string): number => result.findings.filter(({ ruleId }) => ruleId === id).length;
    const text = render(result, 'text', { ...plain, shownMax: 2 });
    expect(ofRule('R-1')).toBeGreaterThan(2);
    expect(text.match(/ {2}R-1 {2}/g)).toHaveLength(2);
    expect(text).toContain(`R-1: ${ofRule('R-1') - 2} more in `);
    expect(text).toContain(`${result.findings.length} findings`);
    expect(render(result, 'text', plain)).not.toContain(' more in ');
  });

  it('should print nothing that moves what is printed, and keep what indents a source', () => {
    const [finding] = result.findings;
    const place = {
      ...finding!.place,
      source: '\tca\u202ell\u0007();',
      column: 2,
      endColumn: 9,
      endLine: finding!.place.line,
    };
    const odd = { ...finding!, place, message: 'calls\u001b[2J', because: 'b\u007f', via: ['v\u202e'] };
    const one = { ...result, findings: [odd] };
    for (const format of ['text', 'github', 'markdown'] as const) {
      const printed = render(one, format, plain);
      for (const hidden of ['\u202e', '\u0007', '\u001b', '\u007f']) expect(printed).not.toContain(hidden);
    }
    // Seven characters are marked: two of them are printed as escapes of eight and of four.
    const [, source, mark] = render(one, 'text', plain).split('\n');
    expect(source).toMatch(/\| \tca\\u\{202e\}ll\\x07\(\);$/);
    expect(mark).toMatch(/\| \t\^{17}$/);
  });

  it('should be what GitLab reads as code quality', () => {
    // Required by its documentation: description, check_name, fingerprint, severity of five words, a path and a line.
    const issues = JSON.parse(render(result, 'gitlab', plain)) as readonly {
      readonly description: string;
      readonly check_name: string;
      readonly fingerprint: string;
      readonly severity: string;
      readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
    }[];
    expect(issues).toHaveLength(result.findings.length);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    for (const [index, issue] of issues.entries()) {
      const { place, ruleId, message } = result.findings[index]!;
      expect(issue.location).toMatchObject({ path: place.file, lines: { begin: place.line } });
      expect(issue.check_name).toBe(ruleId);
      expect(issue.description).toContain(message);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(issue.severity);
    }
  });

  it('should be lines and tags that TeamCity and readers of Checkstyle take', () => {
    const lines = render(result, 'teamcity', plain).trimEnd().split('\n');
    const inspections = lines.filter((line) => line.startsWith('##teamcity[inspection typeId='));
    expect(inspections).toHaveLength(result.findings.length);
    // Inside values every quote, bracket and bar is escaped by a bar.
    for (const line of lines)
      expect(line).toMatch(/^##teamcity\[\w+(?: \w+='(?:[^|'[\]\n]|\|[|'[\]nr]|\|0x[\da-f]{4})*')+\]$/);
    const xml = render(result, 'checkstyle', plain);
    expect(xml.match(/<error line="\d+" column="\d+" severity="error" /g)).toHaveLength(
      result.findings.length,
    );
    const files = new Set(result.findings.map(({ place }) => place.file));
    expect(xml.match(/<file name="/g)).toHaveLength(files.size);
  });

  it('should be one row of a table for each finding in Markdown, whatever it says', () => {
    const strange = { ...result.findings[0]!, message: 'a|b <script>\n| c' };
    const text = render({ ...result, findings: [strange, ...result.findings] }, 'markdown', plain);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(2 + 1 + result.findings.length);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
    expect(text).not.toContain('<script>');
    expect(render({ ...result, findings: [] }, 'markdown', plain)).toContain('nothing found');
  });

  it('should escape what the form would read as its own', () => {
    expect(render(result, 'github', plain)).toContain('it is%0Aremoved, 100%25: yes');
    expect(render(result, 'junit', plain)).toContain('a &lt;title&gt; &amp; &quot;more&quot;');
    expect(render(result, 'html', plain)).not.toContain('<title> &');
  });

  it('should use colours only when asked for', () => {
    expect(render(result, 'text', plain)).not.toContain('\u001B');
    expect(render(result, 'text', { color: true })).toContain('\u001B[31m');
  });
});
