// The first promise of the linter: no road leads to a removed helper, and a wrong road is always seen.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '#checks/context.ts';
import type { Finding } from '#checks/finding.ts';
import { openTypeScript6 } from '#checks/oracle/compiler-ts6.ts';
import { projectRules } from '#checks/project-rules.ts';
import { noReference } from '#checks/define-rules.ts';
import { runRules } from '#checks/run.ts';

const project = path.resolve(import.meta.dirname, '../..');

describe('PMEM-API-001 on this project', () => {
  it.skipIf(!existsSync(path.join(project, 'before/include/linux/pmem.ts')))(
    'should find no road from after/, kernel/, machine/ or conformance/ to the global pmem api',
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
    const rule = noReference({
      id: 'T-1',
      title: 'no memcpyToPmem',
      because: 'removed',
      instead: 'the driver',
      symbols: ['api/pmem.ts#memcpyToPmem'],
    });
    for (const side of ['bad', 'good']) {
      const folder = path.join(base, side);
      const compiler = openTypeScript6({ tsconfig: path.join(folder, 'tsconfig.json') });
      const { findings } = runRules(createContext(compiler, folder), [rule]);
      for (const file of new Set(findings.map((finding) => finding.place.file))) {
        reported.set(
          `${side}/${file}`,
          findings.filter((finding) => finding.place.file === file),
        );
      }
    }
  });

  const cases = readdirSync(path.join(base, 'bad')).filter((name) => name.startsWith('case-'));
  const bySymbol = cases.filter((name) => !name.startsWith('case-16'));

  it.each(bySymbol)('should report %s', (name) => {
    expect(reported.get(`bad/${name}`)?.length).toBeGreaterThan(0);
  });

  it('should stay silent about another function of the same name (case 18)', () => {
    expect([...reported.keys()].filter((name) => name.startsWith('good/'))).toEqual([]);
  });
});
