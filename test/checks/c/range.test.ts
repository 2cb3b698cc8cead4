// Ranges of commits: nothing is checked out, and each commit is judged as its own tree would be.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '#checks/c/facts.ts';
import { diskStore } from '#checks/c/disk-store.ts';
import { usesChart } from '#checks/c/range-chart.ts';
import { rangeTable } from '#checks/c/range-table.ts';
import { withMailbox } from '../../../cli/lint/mailbox.ts';
import { commit, git, judgeFolder, judgeRange, rows, rule, withFolder } from './trees.ts';

const call = (count: number): string => `void old(void);\nvoid a(void) { ${'old(); '.repeat(count)}}\n`;

/** A folder with three commits after the first: one more caller, all callers gone with the name, and the name again. */
let made = '';
beforeAll(() => {
  made = mkdtempSync(path.join(tmpdir(), 'range-'));
  git(made, 'init', '-q', '-b', 'main');
  commit(made, 'start', {
    'a.c': call(2),
    'old.c': 'void old(void) { }\nEXPORT_SYMBOL(old);\n',
    'other.c': 'int x;\n',
  });
  commit(made, 'use it more', { 'b.c': 'void b(void) { old(); }\n' });
  commit(made, 'remove the old api', { 'a.c': 'int a;\n', 'b.c': '', 'old.c': '' });
  commit(made, 'bring it back', { 'c.c': 'void old(void) { }\n' });
});
afterAll(() => rmSync(made, { recursive: true }));

/** Uses a copy of it. */
async function withSeries<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder({}, async (folder) => {
    cpSync(made, folder, { recursive: true });
    return use(folder);
  });
}

const RANGE = 'main~3..main';

const gone = (from: number | string): object => rule('noReference', { symbols: ['old'], from });

describe('a range', () => {
  it('should judge each commit by the rules in force there, by number or by subject', async () => {
    await withSeries(async (folder) => {
      const bySubject = await judgeRange(folder, RANGE, [gone('remove the old*')]);
      expect(rows(bySubject)).toEqual(['3: c.c:1 defines old']);
      expect(rows(await judgeRange(folder, RANGE, [gone(2)]))).toEqual(rows(bySubject));
      expect(
        rows(await judgeRange(folder, RANGE, [rule('noReference', { symbols: ['old'], from: 1, until: 2 })])),
      ).toContain('1: b.c:1 calls old');
      expect(rows(await judgeRange(folder, RANGE, [gone('no such subject')]))[0]).toContain('[empty-rule]');
    });
  });

  it('should find in each commit what its tree checked out has', async () => {
    await withSeries(async (folder) => {
      const rules = [rule('noReference', { symbols: ['old'], mayBeEmpty: true })];
      const { commits = [] } = await judgeRange(folder, RANGE, rules);
      for (const { number, id, findings } of commits) {
        git(folder, 'checkout', '-q', id);
        const checkedOut = await judgeFolder(folder, rules);
        expect([number, findings['R']]).toEqual([number, checkedOut.findings.length]);
      }
    });
  });

  it('should know of files that appear, vanish and move what their tree checked out has', async () => {
    const rules = [
      rule('boundary', { id: 'B', files: ['fs/**'], mustNotInclude: ['lib/private/**'], mayBeEmpty: true }),
      rule('noUndeclared', { id: 'D', files: ['fs/**'], mayBeEmpty: true }),
      rule('layers', {
        id: 'L',
        layers: [
          { name: 'fs', files: ['fs/**'], may: [] },
          { name: 'lib', files: ['lib/**'], may: [] },
        ],
      }),
    ];
    const includePaths = ['include', 'lib/private'];
    await withFolder({}, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', {
        'fs/a.c': '#include <x.h>\n#include <y.h>\nvoid helper(void);\n',
        'include/x.h': 'int x;\n',
        'lib/z.h': 'int z;\n',
      });
      // The header is shadowed no more, then again; a banned one appears; a header comes to declare what fs/a.c declares.
      commit(folder, 'x moves', { 'include/x.h': '', 'lib/private/x.h': 'int x;\n' });
      commit(folder, 'x is back', { 'include/x.h': 'int x;\n' });
      commit(folder, 'y appears', { 'lib/private/y.h': 'void helper(void);\n' });
      commit(folder, 'b appears', { 'fs/b.c': '#include "../lib/z.h"\nvoid helper(void);\n' });
      commit(folder, 'a and y vanish', { 'fs/a.c': '', 'lib/private/y.h': '' });
      const { commits = [] } = await judgeRange(folder, 'main~5..main', rules, memoryStore(), {
        includePaths,
      });
      const found: object[] = [];
      for (const { id, findings } of commits) {
        git(folder, 'checkout', '-q', id);
        const checkedOut = (await judgeFolder(folder, rules, { includePaths })).findings;
        const counted = Object.fromEntries(
          Object.keys(findings).map((key) => [key, checkedOut.filter(({ ruleId }) => ruleId === key).length]),
        );
        expect({ id, findings }).toEqual({ id, findings: counted });
        found.push([counted['B'], counted['D'], counted['L']]);
      }
      // By hand: of x by layers wherever it leads (its row may include no file but its own), and by the ban where that is
      // lib/private; of y by both once it is there; of z by layers alone; of helper once for each file that declares it.
      expect(found).toEqual([
        [0, 0, 1],
        [1, 0, 1],
        [0, 0, 1],
        [1, 1, 2],
        [1, 2, 3],
        [0, 0, 1],
      ]);
    });
  });

  it('should tell a finding once, at its first commit, and when it is gone', async () => {
    await withSeries(async (folder) => {
      const { findings } = await judgeRange(folder, RANGE, [
        rule('noReference', { symbols: ['old'], uses: ['call'], from: 1 }),
      ]);
      const [first] = findings.filter(({ place }) => place.file === 'b.c');
      expect([first?.commit?.number, first?.commit?.subject, first?.notes]).toEqual([
        1,
        'use it more',
        ['gone after commit 1'],
      ]);
    });
  });

  it('should see counts rise, with the new places', async () => {
    await withSeries(async (folder) => {
      const result = await judgeRange(folder, RANGE, [
        rule('fallingCounts', { symbols: ['old'], count: ['call'] }),
      ]);
      expect(result.findings.map(({ commit: at, message, notes }) => [at?.number, message, notes])).toEqual([
        [1, 'uses of old rise from 2 to 3', ['new: b.c:1 (call)']],
      ]);
    });
  });

  it('should see what was removed come back', async () => {
    await withSeries(async (folder) => {
      const stones = rule('tombstones', { tombstones: {} });
      expect(rows(await judgeRange(folder, RANGE, [stones]))).toEqual([
        '3: c.c:1 defines old again, removed by commit 2, remove the old api',
      ]);
      const since = rule('tombstones', { tombstones: { since: 'main~3' } });
      expect(rows(await judgeRange(folder, 'main~1..main', [since]))).toEqual([
        expect.stringMatching(/^1: c\.c:1 defines old again, removed before [0-9a-f]{12}$/),
      ]);
      expect(
        rows(
          await judgeRange(folder, RANGE, [rule('tombstones', { tombstones: {}, acknowledged: ['old'] })]),
        ),
      ).toEqual([]);
    });
  });

  it('should be a table of commits and rules', async () => {
    await withSeries(async (folder) => {
      const table = rangeTable(
        await judgeRange(folder, RANGE, [
          rule('fallingCounts', { symbols: ['old'] }),
          rule('noReference', { id: 'N', symbols: ['old'], from: 3 }),
        ]),
      );
      const cells = table.split('\n').map((line) =>
        line
          .replaceAll(/[0-9a-f]{12}/g, 'ID')
          .trim()
          .split(/\s{2,}/),
      );
      // Uses: 2 calls, declaration, definition, export; one call more; none; one definition.
      expect(cells.slice(0, 5)).toEqual([
        ['commit', 'id', 'R', 'N', 'old', 'subject'],
        ['0', 'ID', '-', '-', '5', 'start'],
        ['1', 'ID', '1', '-', '6', 'use it more'],
        ['2', 'ID', '-', '-', '0', 'remove the old api'],
        ['3', 'ID', '1', '1', '1', 'bring it back'],
      ]);
      expect(table).toContain('N first fails at commit 3');
    });
  });

  it('should draw how the uses of counted names go, where they change', () => {
    const commits = [0, 1, 2, 3].map((number) => ({
      number,
      id: String(number),
      subject: '',
      findings: {},
      uses: { old: [4, 8, 2, 0][number] ?? 0, still: 3 },
    }));
    expect(usesChart(commits)).toBe(
      'uses, commit 0 to 3; the highest bar is 8\nold  ▄█▂·  4 -> 0, rises at commit 1\n',
    );
    expect(usesChart(commits.slice(0, 1))).toBe('');
    // Of 120 commits two share a column, which shows the higher count.
    const many = Array.from({ length: 120 }, (_, number) => ({
      number,
      id: '',
      subject: '',
      findings: {},
      uses: { old: number === 61 ? 8 : 1 },
    }));
    expect(usesChart(many).split('\n')[1]).toBe(
      `old  ${'▁'.repeat(30)}█${'▁'.repeat(29)}  1 -> 1, rises at commit 61`,
    );
  });

  it('should compare a merge with its first parent, and follow renamed files', async () => {
    await withSeries(async (folder) => {
      git(folder, 'checkout', '-q', '-b', 'side', 'main~2');
      commit(folder, 'rename', { 'b.c': '', 'renamed.c': 'void b(void) { old(); }\n' });
      git(folder, 'merge', '-q', '-s', 'ours', '-m', 'merge', 'main');
      const result = await judgeRange(folder, 'main~3..side', [
        rule('fallingCounts', { symbols: ['old'], count: ['call'] }),
      ]);
      expect(result.findings.map(({ commit: at }) => at?.subject)).toEqual(['use it more']);
    });
  });

  it('should find names in files of any ending that is looked at', async () => {
    await withSeries(async (folder) => {
      commit(folder, 'add a grammar', { 'gram.y': 'start: { old(); }\n' });
      const rules = [rule('noReference', { symbols: ['old'] })];
      for (const range of ['main', 'main~1..main'])
        expect(
          rows(await judgeRange(folder, range, rules, memoryStore(), { files: ['**/*.{c,y}'] })),
        ).toContainEqual(expect.stringContaining('gram.y:1 calls old'));
    });
  });

  it('should take the tree of a folder in the repository, and no other, by names from there', async () => {
    await withFolder({}, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', { 'in/a.c': call(1), 'b.c': call(1) });
      commit(folder, 'more', { 'in/c.c': call(1), 'b.c': call(2), 'd.c': call(1) });
      const rules = [rule('noReference', { symbols: ['old'], uses: ['call'] })];
      const inside = path.join(folder, 'in');
      expect(rows(await judgeRange(inside, 'main~1..main', rules))).toEqual([
        '0: a.c:2 calls old',
        '1: c.c:2 calls old',
      ]);
      expect(rows(await judgeRange(inside, 'main', rules))).toEqual([
        '0: a.c:2 calls old',
        '0: c.c:2 calls old',
      ]);
    });
  });

  it('should miss no file for its name, its bytes, an attribute, or what the user told git', async () => {
    const names = [
      'sp ace',
      'tab\t',
      'line\nend',
      'quo"te',
      'back\\slash',
      ':colon',
      '-dash',
      '[x]',
      'ü',
      'attribute',
    ];
    const texts = Object.fromEntries(names.map((name) => [`${name}.c`, 'void a(void) { old(); }\n']));
    await withFolder({}, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', {
        ...texts,
        'zero.c': 'void b(void) { old(); } /* \0 */\n',
        '[x]/dir.c/c.c': 'void c(void) { old(); }\n',
        '.gitattributes': 'attribute.c -diff\n',
      });
      const rules = [rule('noReference', { symbols: ['old'] })];
      const expected = [...Object.keys(texts), 'zero.c', '[x]/dir.c/c.c'].sort();
      const found = async (): Promise<readonly unknown[]> =>
        [await judgeRange(folder, 'main', rules), await judgeFolder(folder, rules)].map(({ findings }) =>
          findings.map(({ place }) => place.file).sort(),
        );
      expect(await found()).toEqual([expected, expected]);
      for (const [key, value] of [
        ['grep.lineNumber', 'true'],
        ['grep.column', 'true'],
        ['grep.fullName', 'true'],
        ['grep.patternType', 'fixed'],
        ['color.grep', 'always'],
        ['log.showSignature', 'true'],
      ] as const)
        git(folder, 'config', key, value);
      expect(await found()).toEqual([expected, expected]);
    });
  });

  it('should find what each rule looks for, although all is searched for at once', async () => {
    await withSeries(async (folder) => {
      commit(folder, 'headers', {
        'in/a.h': '#define OLDER() old()\n',
        'd.c': '#include "in/a.h"\nvoid d(void) { OLDER(); }\n',
      });
      const rules = [
        rule('noReference', { symbols: ['o*d', '*lder', 'old'] }),
        rule('boundary', { id: 'B', files: ['*.c'], mustNotInclude: ['in/*.h'] }),
        rule('noUndeclared', { id: 'U', files: ['*.c'] }),
      ];
      const { findings } = await judgeRange(folder, 'main~1..main', rules);
      expect(findings.filter(({ ruleId }) => ruleId === 'B').map(({ place }) => place.file)).toEqual(['d.c']);
      expect(findings.some(({ message }) => message === 'calls old through OLDER')).toBe(true);
    });
  });

  it('should read only what is new when it is judged again after a rebase', async () => {
    await withSeries(async (folder) => {
      const cache = path.join(folder, 'cache');
      const rules = [rule('noReference', { symbols: ['old'] })];
      const first = diskStore(cache, 'v');
      const before = await judgeRange(folder, RANGE, rules, first);
      first.save();
      git(folder, 'commit', '-q', '--amend', '-m', 'another subject');
      // What the first run said of contents, under every question it asked.
      const again = diskStore(cache, 'v');
      const made: string[] = [];
      const counting: typeof again = {
        ...again,
        table: <T>(question: string) => {
          const table = again.table<T>(question);
          const set = table.set.bind(table);
          table.set = (key, value) => {
            made.push(`${question} ${key}`);
            return set(key, value);
          };
          return table;
        },
      };
      const after = await judgeRange(folder, RANGE, rules, counting);
      expect(made).toEqual([]);
      expect(rows(after)).toEqual(rows(before));
    });
  });
});

describe('what is not here', () => {
  it('should be unprovable in a filtered clone, never passed over', async () => {
    await withSeries(async (folder) => {
      const clone = path.join(folder, 'clone');
      git(folder, 'config', 'uploadpack.allowFilter', 'true');
      git(folder, 'clone', '-q', '--bare', '--filter=blob:none', `file://${folder}`, clone);
      const result = await judgeRange(clone, 'main~3..main~2', [
        rule('noReference', { symbols: ['old'], mayBeEmpty: true }),
      ]);
      expect(rows(result)).toContain(
        '0: a.c:1 [unprovable] the file cannot be read: its content is not here',
      );
      expect(rows(result)).toContain(
        '1: b.c:1 [unprovable] the file cannot be read: its content is not here',
      );
    });
  });

  it('should be an error where a revision is missing, as in a shallow clone', async () => {
    await withSeries(async (folder) => {
      const clone = path.join(folder, 'clone');
      git(folder, 'clone', '-q', '--bare', '--depth=1', `file://${folder}`, clone);
      await expect(judgeRange(clone, RANGE, [rule('noReference', { symbols: ['old'] })])).rejects.toThrow(
        'there is no revision main~3',
      );
    });
  });

  it('should be unprovable where a blob is lost', async () => {
    await withSeries(async (folder) => {
      const blob = git(folder, 'rev-parse', 'main~3:a.c').trim();
      rmSync(path.join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
      const result = await judgeRange(
        folder,
        RANGE,
        [rule('noReference', { symbols: ['old'], from: 3 })],
        memoryStore(),
      );
      expect(rows(result)).toContain(
        '0: a.c:1 [unprovable] the file cannot be read: its content is not here',
      );
    });
  });
});

describe('patches of a mailbox', () => {
  it('should be judged as the commits they would make, and leave the repository as it is', async () => {
    await withSeries(async (folder) => {
      const mailbox = path.join(folder, 'series.mbox');
      writeFileSync(
        mailbox,
        execFileSync('git', ['format-patch', '--stdout', 'main~3..main'], { cwd: folder }),
      );
      const objects = git(folder, 'count-objects');
      let found: readonly string[] = [];
      await withMailbox({ repository: folder, mailbox, base: 'main~3' }, async (range, environment) => {
        const { openRange } = await import('#checks/c/source/repository.ts');
        const opened = openRange({
          folder,
          range,
          firstParent: false,
          isMeant: (file) => file.endsWith('.c'),
          paths: [],
          store: memoryStore(),
          environment,
        });
        found = opened.commits.map(({ number, subject }) => `${number} ${subject}`);
        const texts: string[] = [];
        await opened.commits[1]?.source.readEach(['b.c'], (_file, text) => texts.push(text));
        expect(texts).toEqual(['void b(void) { old(); }\n']);
        opened.close();
      });
      expect(found).toEqual(['0 start', '1 use it more', '2 remove the old api', '3 bring it back']);
      expect(git(folder, 'count-objects')).toBe(objects);
      await expect(
        withMailbox({ repository: folder, mailbox, base: 'main' }, () => Promise.resolve()),
      ).rejects.toThrow('patch 2 (remove the old api) does not apply');
    });
  });
});
