/**
 * SARIF 2.1.0 for code-scanning services. All rules are declared, also those that found nothing, so that a service
 * can close old alerts; fingerprints leave out line numbers, so that alerts survive edits elsewhere.
 */
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { toolVersion } from '#base/own-package.ts';
import { fingerprintOf, type Finding } from '../finding.ts';
import type { LintResult } from '../result.ts';
import type { RuleHeader } from '../rule.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The report as indented JSON, ending with a newline. */
export function sarifReport(result: LintResult): string {
  const rules = result.rules.map(descriptorOf);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const log: Log = {
    version: '2.1.0',
    $schema: SCHEMA,
    runs: [
      {
        tool: { driver: { name: 'pmem-conform', semanticVersion: toolVersion(), rules } },
        columnKind: 'utf16CodeUnits',
        results: result.findings.map((finding) => resultOf(finding, indexes.get(finding.ruleId))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptorOf(rule: RuleHeader): ReportingDescriptor {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.because },
    help: { text: `${rule.because} Instead: ${rule.instead}` },
    defaultConfiguration: { level: rule.severity ?? 'error' },
    properties: { tags: [...(rule.tags ?? [])] },
  };
}

function resultOf(finding: Finding, ruleIndex: number | undefined): Result {
  const { place, step } = finding;
  const related = finding.via.map((stop, id) => ({ id, message: { text: `reached through ${stop}` } }));
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: finding.certainty === 'hint' ? 'note' : finding.severity,
    message: { text: `${finding.message}. ${finding.because} Instead: ${finding.instead}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file), uriBaseId: '%SRCROOT%' },
          region: {
            startLine: place.line,
            startColumn: place.column,
            endLine: place.endLine,
            endColumn: place.endColumn,
            ...(place.source === '' ? {} : { snippet: { text: place.source } }),
          },
        },
        logicalLocations: [{ fullyQualifiedName: place.enclosing }],
      },
    ],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    partialFingerprints: {
      'conformIdentity/v1': `${fingerprintOf(finding)}${step === undefined ? '' : `:${step}`}`,
    },
    properties: {
      certainty: finding.certainty,
      symbol: finding.symbol,
      ...(step === undefined ? {} : { step }),
    },
  };
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
