/** docs/LINT-COMING-FROM.md and docs/LINT.md: the rules shown are run over the project shown, and find what is said under them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintProject } from '#checks/lint.ts';
import { COMPILERS, openerFor } from '#checks/oracle/open.ts';
import { loadRules } from '#checks/rules-file.ts';
import { rootFolder } from '../support/project.ts';

const page = readFileSync(`${rootFolder}/docs/LINT-COMING-FROM.md`, 'utf8');
const manual = readFileSync(`${rootFolder}/docs/LINT.md`, 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```\n\nfinds (.*)\n/g)].map(
  ([, rule = '', finds = '']) => ({
    rule: JSON.parse(rule) as { id: string },
    finds: [...finds.matchAll(/`([^`]+)`/g)].map(([, place]) => place).sort(),
  }),
);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coming-'));
  const [, files = ''] = /```files\n([\s\S]*?)```/.exec(page) ?? [];
  for (const [, name = '', text = ''] of files.matchAll(/^(\S+): (.*)$/gm)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  const compilerOptions = {
    module: 'nodenext',
    noEmit: true,
    allowImportingTsExtensions: true,
    types: [],
    lib: ['es2022'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('docs/LINT-COMING-FROM.md', () => {
  it('should have an example of each tool', () => {
    expect(page.match(/```json/g)).toHaveLength(examples.length);
    expect(new Set(examples.map(({ rule }) => rule.id.slice(0, 2)))).toEqual(
      new Set(['DC', 'EB', 'NX', 'SH']),
    );
  });

  it.each(examples.map((example) => [example.rule.id, example] as const))(
    'should say what %s finds',
    async (id, { rule, finds }) => {
      const file = join(folder, 'boundary.config.json');
      writeFileSync(file, JSON.stringify({ rules: [rule] }));
      const { rules } = await loadRules(file);
      for (const name of COMPILERS) {
        const opener = await openerFor(name);
        const project = {
          tsconfig: join(folder, 'tsconfig.json'),
          base: folder,
          rulesName: 'boundary.config.json',
        };
        const { findings } = lintProject({ ...project, rules }, opener);
        opener.close();
        const places = findings.map(({ place }) => `${place.file}:${place.line}`);
        expect([id, name, ...places.sort()]).toEqual([id, name, ...finds]);
      }
    },
  );
});

describe('docs/LINT.md', () => {
  it('should show a rules file that loads', async () => {
    const [, text = ''] = /```ts\n(\/\/ boundary\.config\.ts\n[\s\S]*?)```/.exec(manual) ?? [];
    writeFileSync(join(folder, 'boundary.config.ts'), text);
    const { rules } = await loadRules(join(folder, 'boundary.config.ts'));
    expect(rules.map(({ id }) => id)).toEqual(['APP-API-001', 'APP-MOD-001']);
  });

  it('should name options that the command has', () => {
    const source = ['cli/commands/lint.ts', 'cli/lint/project-options.ts', 'cli/commands/graph.ts']
      .map((name) => readFileSync(`${rootFolder}/${name}`, 'utf8'))
      .join('\n');
    const named = [...new Set([...manual.matchAll(/--[a-z][a-z-]+/g)].map(([name]) => name))];
    expect(named.filter((name) => !source.includes(`'${name}`))).toEqual([]);
  });
});
