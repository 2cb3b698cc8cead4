// `conform lint` for C as a user meets it: rules files, exit codes, reports, messages.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { registerLint } from '../../../cli/commands/lint.ts';
import { type CliContext, ExitCode } from '../../../cli/context.ts';
import { commit, git, withFolder } from './trees.ts';

interface Outcome {
  readonly code: number;
  readonly out: string;
}

async function lint(folder: string, ...words: readonly string[]): Promise<Outcome> {
  let out = '';
  const context: CliContext = {
    write: (text) => (out += text),
    writeError: (text) => (out += text),
    color: false,
    progress: false,
    folder,
    cacheDir: path.join(folder, '.cache'),
    exitCode: ExitCode.clean,
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerLint(program, context);
  try {
    await program.parseAsync(['lint', ...words], { from: 'user' });
    return { code: context.exitCode, out };
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'InputError') throw thrown;
    return { code: ExitCode.couldNotRun, out: thrown.message };
  }
}

const RULES = `import { defineRules, fallingCounts, noReference } from 'pmem-conform/rules';
export default defineRules({
  language: 'c',
  rules: [
    noReference({ id: 'A', title: 't', because: 'b', instead: 'i', symbols: ['old'], uses: ['call', 'macro-body'] }),
    fallingCounts({ id: 'B', title: 't', because: 'b', instead: 'i', symbols: ['old'] }),
  ],
});
`;

const TREE = {
  'boundary.config.ts': RULES,
  'old.h': '#ifdef CONFIG_OLD\nvoid old(void);\n#endif\n#define OLDER() old()\n',
  'a.c': '#include "old.h"\nint a(void)\n{\n\tOLDER();\n\treturn 0;\n}\n',
};

describe('conform lint for C', () => {
  it('should find the nearest rules that say so, and report as it does for TypeScript', async () => {
    await withFolder(TREE, async (folder) => {
      const { code, out } = await lint(folder);
      expect(code).toBe(ExitCode.findings);
      expect(out).toContain(`a.c:4:2  error  A  calls old through OLDER
    4 | \tOLDER();
      | \t^^^^^
    reached through OLDER (old.h:4)
    why: b
    instead: i
`);
      expect(out).toContain('2 findings (2 violation) by 2 rules over 2 files');
    });
  });

  it('should be clean when nothing is found, by some rules or under assumptions', async () => {
    await withFolder(TREE, async (folder) => {
      expect(await lint(folder, '--only', 'B')).toEqual({
        code: ExitCode.clean,
        out: 'clean: 1 rule over 2 files, nothing found\n',
      });
    });
  });

  it('should explain and trace', async () => {
    await withFolder(TREE, async (folder) => {
      expect((await lint(folder, '--explain', 'A')).out).toContain(
        'A  t\n  severity: error\n  in force: always',
      );
      const { out } = await lint(folder, '--trace', 'old');
      expect(out).toContain('old.h:2:6  declares old (where defined(CONFIG_OLD))');
      expect(out).toContain('a.c:4:2  calls old through OLDER (in a)\n      by way of OLDER (old.h:4)');
      expect(await lint(folder, '--trace', 'nothing')).toMatchObject({ code: ExitCode.couldNotRun });
    });
  });

  it('should explain from where to where a rule is in force, and which names several files define', async () => {
    const rules = `export default { language: 'c', rules: [{ kind: 'noReference', id: 'A', title: 't', because: 'b', instead: 'i',
      symbols: ['f*'], from: 'remove f*', until: 9 }] };\n`;
    const tree = {
      'boundary.config.mjs': rules,
      'arch/a/f.c': 'void flush(void) { }\nvoid fill(void) { }\n',
      'arch/b/f.S': '#ifdef CONFIG_B\nENTRY(flush)\n#endif\n',
      'c.c': 'static void fill(void) { }\n',
    };
    await withFolder(tree, async (folder) => {
      const { out } = await lint(folder, '--explain', 'A');
      expect(out).toContain('in force: in a range from the commit "remove f*" until commit 9');
      expect(out).toMatch(
        / {2}flush is defined in:\n {4}arch\/a\/f\.c:1\n {4}arch\/b\/f\.S:2 where defined\(CONFIG_B\)\n$/,
      );
    });
  });

  it('should write what was asked for to a file, and leave the file as it was when that fails', async () => {
    await withFolder(TREE, async (folder) => {
      const file = path.join(folder, 'report.txt');
      const written = async (...words: readonly string[]): Promise<string> => {
        writeFileSync(file, 'old');
        expect((await lint(folder, '--output', file, ...words)).out).not.toContain('a.c');
        return readFileSync(file, 'utf8');
      };
      expect(await written('--trace', 'old')).toContain('a.c:4:2  calls old through OLDER');
      expect(await written('--list-exceptions')).toBe('0 exceptions\n');
      expect(await written('--explain', 'A')).toContain('A  t\n  severity: error');
      expect(await written()).toContain('a.c:4:2  error  A');
      expect(await written('--trace', 'nothing')).toBe('old');
    });
  });

  it('should judge the index and the working tree as the end of a range, and change neither', async () => {
    await withFolder(TREE, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      writeFileSync(path.join(folder, '.gitignore'), 'made.c\n.cache\n');
      commit(folder, 'start', {});
      commit(folder, 'second', { 'second.c': 'int x;\n' });
      const caller = '#include "old.h"\nvoid b(void) { old(); }\n';
      for (const name of ['staged.c', 'new.c', 'made.c']) writeFileSync(path.join(folder, name), caller);
      git(folder, 'add', 'staged.c');
      const before = [git(folder, 'status', '--porcelain'), git(folder, 'count-objects')];
      const table = async (...words: readonly string[]): Promise<readonly string[]> =>
        (await lint(folder, '--only', 'B', ...words)).out
          .split('\n')
          .filter((line) => /^\d+ {2}/.test(line))
          .map((line) => line.replace(/[0-9a-f]{12}/, '').replaceAll(/\s+/g, ' '));
      expect(await table('--cached')).toEqual(['0 - 2 second', '1 1 3 (the index)']);
      expect(await table('--working-tree', '--range', 'main~1..')).toEqual([
        '0 - 2 start',
        '1 - 2 second',
        '2 1 4 (the working tree)',
      ]);
      expect([git(folder, 'status', '--porcelain'), git(folder, 'count-objects')]).toEqual(before);
      expect((await lint(folder, '--cached', '--range', 'main~1..main~1')).out).toContain(
        'the index and the working tree belong to HEAD, which main~1 is not',
      );
      expect((await lint(folder, '--cached', '--working-tree')).out).toContain('allowed: one of them');
    });
  });

  it('should say that a bare repository has no working tree', async () => {
    await withFolder(TREE, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', {});
      git(folder, 'clone', '-q', '--bare', '.', 'bare');
      const { code, out } = await lint(folder, '--working-tree', '--repository', 'bare');
      expect([code, out]).toEqual([ExitCode.couldNotRun, expect.stringContaining('has no working tree')]);
    });
  });

  it('should say that a submodule is not looked at', async () => {
    await withFolder(TREE, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', {});
      const head = git(folder, 'rev-parse', 'HEAD').trim();
      git(folder, 'update-index', '--add', '--cacheinfo', `160000,${head},vendor/other`);
      git(folder, 'commit', '-q', '-m', 'a submodule');
      for (const range of ['main', 'main~1..main'])
        expect((await lint(folder, '--repository', folder, '--range', range)).out).toContain(
          'Not looked at: vendor/other (submodules',
        );
    });
  });

  it('should accept what a baseline lists, and no more', async () => {
    await withFolder(TREE, async (folder) => {
      const baseline = path.join(folder, 'baseline.json');
      expect((await lint(folder, '--baseline', baseline, '--update-baseline')).code).toBe(ExitCode.clean);
      expect((await lint(folder, '--baseline', baseline)).code).toBe(ExitCode.clean);
      writeFileSync(path.join(folder, 'b.c'), '#include "old.h"\nvoid b(void) { old(); }\n');
      expect((await lint(folder, '--baseline', baseline)).code).toBe(ExitCode.findings);
    });
  });

  it('should speak of commits of a range in text, JSON and SARIF', async () => {
    await withFolder(TREE, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', {});
      const id = commit(folder, 'one more', { 'b.c': '#include "old.h"\nvoid b(void) { old(); }\n' });
      const range = ['--repository', folder, '--range', 'main~1..main'];
      const { code, out } = await lint(folder, ...range);
      expect(code).toBe(ExitCode.findings);
      expect(out).toContain(
        `commit 1 ${id.slice(0, 12)} one more: b.c:2:16  error  B  uses of old rise from 2 to 3`,
      );
      expect(out).toContain('B first fails at commit 1');
      const json = JSON.parse((await lint(folder, ...range, '--format', 'json')).out) as {
        readonly commits: readonly { readonly uses: unknown }[];
        readonly findings: readonly { readonly commit?: { readonly id: string } }[];
      };
      expect(json.commits.map(({ uses }) => uses)).toEqual([{ old: 2 }, { old: 3 }]);
      expect(json.findings.some(({ commit: at }) => at?.id === id)).toBe(true);
      expect((await lint(folder, ...range, '--format', 'sarif')).out).toContain('"ruleId": "A"');
      // The second time everything is known; the answer is the same.
      expect(await lint(folder, ...range)).toEqual({ code, out });
    });
  });

  it.each([
    [['--range', 'nothing..main'], 'there is no revision nothing'],
    [['--language', 'c', '--project', '.'], '--project is about TypeScript'],
    [['--repository', 'nowhere'], 'nowhere: there is no such folder'],
    [['--repository', '/'], '--repository /: is no git repository'],
    [['--cached'], 'there is no revision HEAD'],
    [['--range', '..'], 'write A..B, with the revision it begins after'],
    [['--mbox', 'x.mbox'], '--mbox needs --base REVISION'],
    [['--assume', 'X'], '--assume X: write NAME=y'],
    [['--affected', 'main'], 'for C name the commits with --range'],
    [['--cross-check'], 'C is read by one grammar'],
    [['--only', 'Z'], 'There is no rule Z'],
  ])('should say what is wrong: %j', async (words, message) => {
    await withFolder(TREE, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      const { code, out } = await lint(folder, ...words);
      expect([code, out]).toEqual([ExitCode.couldNotRun, expect.stringContaining(message)]);
    });
  });

  it('should refuse rules that are not about C, and unknown kinds', async () => {
    await withFolder(
      {
        'a.c': 'int a;\n',
        'ts.json':
          '{ "rules": [{ "kind": "noCycles", "id": "A", "title": "t", "because": "b", "instead": "i" }] }',
      },
      async (folder) => {
        mkdirSync(path.join(folder, 'sub'));
        expect((await lint(folder, '--language', 'c', '--rules', 'ts.json')).out).toContain(
          "is not about C; say language: 'c'",
        );
        writeFileSync(
          path.join(folder, 'c.json'),
          '{ "language": "c", "rules": [{ "kind": "noCycles", "id": "A", "title": "t", "because": "b", "instead": "i" }] }',
        );
        expect((await lint(folder, '--rules', 'c.json')).out).toContain(
          'there is no kind "noCycles" for C. Known: boundary, exportReport',
        );
        expect((await lint(path.join(folder, 'sub'), '--language', 'c')).out).toContain(
          "name one that says language: 'c'",
        );
      },
    );
  });
});
