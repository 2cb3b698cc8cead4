// Small projects that show one thing each: what people asked of linters like this one. Every case is judged by both
// compilers, which must give the same findings, those of its expected.json.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { share } from '../support/thorough.ts';
import { applyBaseline, readBaseline } from '#checks/baseline.ts';
import { lintProject } from '#checks/lint.ts';
import { COMPILERS, compilerOpener, openerFor } from '#checks/oracle/open.ts';
import { isFailure } from '#checks/result.ts';
import { loadRules } from '#checks/rules-file.ts';

interface Place {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly kind: string;
}

interface Expected {
  readonly says: string;
  readonly exit: number;
  readonly findings: readonly Place[];
  /** Places that may be reported as well. */
  readonly mayAlso?: readonly Place[];
  /** Links of workspace packages, made for the run. */
  readonly links?: Readonly<Record<string, string>>;
  /** Folders that become installed packages. */
  readonly installed?: Readonly<Record<string, string>>;
}

const CASES = path.join(import.meta.dirname, 'fixtures/cases');
let temporary = '';

beforeAll(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'cases-'));
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(path.join(CASES, name, 'expected.json'), 'utf8')) as Expected;
}

function prepare(name: string, { links, installed }: Expected): string {
  const folder = path.join(mkdtempSync(path.join(temporary, 'run-')), name);
  cpSync(path.join(CASES, name), folder, {
    recursive: true,
    filter: (file) => !file.endsWith('expected.json'),
  });
  for (const [to, from] of Object.entries(installed ?? {}))
    cpSync(path.join(folder, from), path.join(folder, to), { recursive: true });
  if (installed !== undefined) rmSync(path.join(folder, 'installed'), { recursive: true });
  for (const [at, to] of Object.entries(links ?? {})) {
    mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
    symlinkSync(path.join(folder, to), path.join(folder, at));
  }
  return folder;
}

async function judge(folder: string, compiler: (typeof COMPILERS)[number]) {
  const loaded = await loadRules(path.join(folder, 'boundary.config.json'));
  const opener = await (compiler === 'ts-morph' ? openerFor : compilerOpener)(compiler);
  try {
    const project = {
      tsconfig: path.join(folder, 'tsconfig.json'),
      base: folder,
      rulesName: 'boundary.config.json',
    };
    const result = lintProject({ ...project, rules: loaded.rules }, opener);
    const baseline = path.join(folder, 'boundary.baseline.json');
    if (!readdirSync(folder).includes('boundary.baseline.json')) return result;
    return applyBaseline(result, readBaseline(baseline), 'boundary.baseline.json').result;
  } finally {
    opener.close();
  }
}

const loose = ({ file, line }: Pick<Place, 'file' | 'line'>): string => `${file}:${line}`;
const full = (place: Place): string => `${place.rule} ${loose(place)} ${place.kind}`;

const cases = share(readdirSync(CASES), 4).map((name) => [name, expectedOf(name)] as const);

describe.each(cases)('%s', (name, expected) => {
  it(`should hold that ${expected.says}`, async () => {
    const folder = prepare(name, expected);
    const seen: unknown[] = [];
    for (const compiler of COMPILERS) {
      const result = await judge(folder, compiler);
      const found = result.findings.map(({ ruleId, place, certainty }) => ({
        rule: ruleId,
        file: place.file,
        line: place.line,
        kind: certainty as string,
      }));
      const may = new Set((expected.mayAlso ?? []).map(loose));
      const wanted = new Set(expected.findings.map(full));
      const told = [
        ...new Set(found.filter((place) => wanted.has(full(place)) || !may.has(loose(place))).map(full)),
      ];
      expect([compiler, ...told.sort()]).toEqual([compiler, ...[...wanted].sort()]);
      expect(isFailure(result)).toBe(expected.exit === 1);
      seen.push(
        result.findings.map(({ message, place }) => `${place.file}:${place.line}:${place.column} ${message}`),
      );
    }
    expect(seen[0]).toEqual(seen[1]);
  });
});
