// What a stranger's editor and compiler see of rules files: types that stand alone, a schema, and both say what the
// program checks.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as Own from '#checks/define-rules.ts';
import type * as Public from '../../types/rules.d.ts';
import { rulesSchema } from './rules-schema.ts';

const root = path.resolve(import.meta.dirname, '../..');
const SCHEMA = path.join(root, 'docs/boundary.config.schema.json');

function config(option: string): string {
  const rule = `boundary({ id: 'A', title: 't', because: 'b', instead: 'i', files: ['src/**'], ${option} })`;
  return `import { boundary, defineRules } from 'pmem-conform/rules';
export default defineRules({ rules: [${rule}] });`;
}

describe('the types of a rules file', () => {
  it('should be those of the rule functions', () => {
    expectTypeOf<Public.BoundaryOptions>().toEqualTypeOf<Own.BoundaryOptions>();
    expectTypeOf<Public.PublicApiOptions>().toEqualTypeOf<Own.PublicApiOptions>();
    expectTypeOf<Public.SiblingsOptions>().toEqualTypeOf<Own.SiblingsOptions>();
    expectTypeOf<Public.LayersOptions>().toEqualTypeOf<Own.LayersOptions>();
    expectTypeOf<Public.NoCyclesOptions>().toEqualTypeOf<Own.NoCyclesOptions>();
    expectTypeOf<Public.NoReferenceOptions>().toEqualTypeOf<Own.NoReferenceOptions>();
    expectTypeOf<Public.NoUnresolvedOptions>().toEqualTypeOf<Own.NoUnresolvedOptions>();
    expectTypeOf<Public.NoOpaqueOptions>().toEqualTypeOf<Own.NoOpaqueOptions>();
    expectTypeOf<Public.NoCopyOptions>().toEqualTypeOf<Own.NoCopyOptions>();
    expectTypeOf<Public.OnlyIntoOptions>().toEqualTypeOf<Own.OnlyIntoOptions>();
    expectTypeOf<Public.PresenceTestedOptions>().toEqualTypeOf<Own.PresenceTestedOptions>();
    expectTypeOf<Public.ApiReportOptions>().toEqualTypeOf<Own.ApiReportOptions>();
    expectTypeOf<Public.TombstonesOptions>().toEqualTypeOf<Own.TombstonesOptions>();
    expectTypeOf<Omit<Public.RuleSet, 'rules'>>().toEqualTypeOf<Omit<Own.RuleSet, 'rules'>>();
  });

  it('should compile in a project that has nothing but this package, and refuse what is wrong', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'types-'));
    mkdirSync(path.join(folder, 'node_modules/pmem-conform/types'), { recursive: true });
    // The package as npm would unpack it, without the tool's sources.
    symlinkSync(path.join(root, 'package.json'), path.join(folder, 'node_modules/pmem-conform/package.json'));
    writeFileSync(
      path.join(folder, 'node_modules/pmem-conform/types/rules.d.ts'),
      readFileSync(path.join(root, 'types/rules.d.ts'), 'utf8'),
    );
    const compile = (text: string): string => {
      writeFileSync(path.join(folder, 'boundary.config.ts'), text);
      const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', 'boundary.config.ts'];
      return spawnSync(process.execPath, [tsc, ...options], { cwd: folder, encoding: 'utf8' }).stdout;
    };
    expect(compile(config("packages: ['pg']"))).toBe('');
    expect(compile(config("package: ['pg']"))).toContain(
      "'package' does not exist in type 'BoundaryOptions'",
    );
    rmSync(folder, { recursive: true });
  });
});

describe('the schema of a rules file in JSON', () => {
  it('should be the one in docs, made from what the program checks', () => {
    const made = `${JSON.stringify(rulesSchema())}\n`;
    if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(SCHEMA, made);
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(JSON.parse(made));
  });

  it('should accept the rules of all cases, and refuse an unknown option', () => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
    const cases = path.join(import.meta.dirname, 'fixtures/cases');
    for (const name of readdirSync(cases)) {
      const rules: unknown = JSON.parse(readFileSync(path.join(cases, name, 'boundary.config.json'), 'utf8'));
      expect([name, validate(rules), validate.errors]).toEqual([name, true, null]);
    }
    const header = { id: 'A', title: 't', because: 'b', instead: 'i' };
    expect(validate({ rules: [{ kind: 'siblings', ...header, modules: 'src/<f>' }] })).toBe(true);
    expect(validate({ rules: [{ kind: 'noCycles', ...header, lasy: 'allow' }] })).toBe(false);
    const c = { kind: 'noReference', ...header, symbols: ['f'], uses: ['slot'], from: 'remove*' };
    expect(validate({ language: 'c', includePaths: ['include'], rules: [c] })).toBe(true);
    expect(validate({ language: 'c', rules: [{ ...c, deprecated: true }] })).toBe(false);
    expect(validate({ rules: [c] })).toBe(false);
  });
});
