// The first promise of the linter: no road leads to a removed helper, and a wrong road is always seen.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '#checks/context.ts';
import type { Finding } from '#checks/finding.ts';
import { openTypeScript6 } from '#checks/oracle/compiler-ts6.ts';
import { projectRules } from '#series/project-rules.ts';
import { loadRules } from '#checks/rules-file.ts';
import { runRules } from '#checks/run.ts';
import { isThorough } from '../support/thorough.ts';

const project = path.resolve(import.meta.dirname, '../..');

describe('PMEM-API-001 on this project', () => {
  it.runIf(isThorough && existsSync(path.join(project, 'before/include/linux/pmem.ts')))(
    'should find no road from after/, kernel/, machine/, engine/ or pmem/ to the global pmem api',
    () => {
      const compiler = openTypeScript6({ tsconfig: path.join(project, 'tsconfig.json') });
      const rules = projectRules().filter((rule) => rule.id === 'PMEM-API-001');
      const { findings } = runRules(createContext(compiler, project), rules);
      expect(
        findings.map((finding) => `${finding.place.file}:${finding.place.line} ${finding.message}`),
      ).toEqual([]);
    },
  );
});

describe('the evasion matrix', () => {
  const base = path.join(project, 'checks/fixtures/removed-symbol');
  const reported = new Map<string, readonly Finding[]>();

  beforeAll(async () => {
    const { rules } = await loadRules(path.join(base, 'boundary.config.ts'));
    for (const side of ['bad', 'good']) {
      const folder = path.join(base, side);
      const compiler = openTypeScript6({ tsconfig: path.join(folder, 'tsconfig.json') });
      const { findings } = runRules(createContext(compiler, folder), rules);
      for (const file of new Set(findings.map((finding) => finding.place.file))) {
        reported.set(
          `${side}/${file}`,
          findings.filter((finding) => finding.place.file === file),
        );
      }
    }
  });

  const cases = readdirSync(path.join(base, 'bad')).filter((name) => name.startsWith('case-'));
  const certainties = (name: string): readonly string[] =>
    (reported.get(`bad/${name}`) ?? []).map((finding) => finding.certainty);

  it('should have all seventeen ways and the copied body', () => {
    expect(cases).toHaveLength(18);
  });

  it.each(cases.filter((name) => !/^case-1[369]/.test(name)))('should prove %s', (name) => {
    expect(certainties(name)).toContain('violation');
  });

  // linter.md 6: a key of `keyof typeof api` may name the function, or another one.
  it.each(['case-13-computed-key.ts', 'case-16-opaque.ts'])('should report %s as unprovable', (name) => {
    expect(new Set(certainties(name))).toEqual(new Set(['unprovable']));
  });

  it('should hint at a body copied by hand (case 19)', () => {
    expect(certainties('case-19-copied.ts')).toEqual(['hint']);
  });

  it('should stay silent about another function of the same name (case 18)', () => {
    expect([...reported.keys()].filter((name) => name.startsWith('good/'))).toEqual([]);
  });
});
