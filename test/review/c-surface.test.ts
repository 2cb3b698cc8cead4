// Trees of C as reviews see them: exports, callers, and a git range of C reviewed like any other series.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiDelta } from '#review/api-delta.ts';
import { callersMoved } from '#review/callers.ts';
import { openCSurfaces } from '#review/c-surface.ts';
import type { TreeSurface } from '#review/surface.ts';
import { conformIn } from '../support/conform.ts';
import { commit, git, withFolder, type Texts } from '../checks/c/trees.ts';

const surfaceOf = (texts: Texts): Promise<TreeSurface> =>
  withFolder(texts, (folder) => openCSurfaces().read(folder));

const LIBRARY = {
  'log.h': '#ifndef LOG_H\n#define LOG_H\nint log_write(const char *text);\nvoid log_flush(void);\n#endif\n',
  'log.c':
    '#include "log.h"\nstatic void persist(void) { }\nvoid log_flush(void) { persist(); }\nint log_write(const char *text)\n{\n\tputs(text);\n\tpersist();\n\treturn 0;\n}\n',
  'main.c':
    '#include "log.h"\nstatic void persist(void) { }\nint main(void)\n{\n#ifdef QUIET\n\tat_exit(log_flush);\n#else\n\tlog_write("a");\n#endif\n\tpersist();\n\treturn 0;\n}\n',
};

describe('the surface of a tree of C', () => {
  it('should have every function with what it calls, statics of its own file before others, in every branch', async () => {
    const { functions } = await surfaceOf(LIBRARY);
    expect(
      [...functions].map(([symbol, { line, calls }]) => [
        symbol,
        line,
        calls.map(({ callee, line: at }) => `${callee}:${at}`),
      ]),
    ).toEqual([
      ['log.c#persist', 2, []],
      ['log.c#log_flush', 3, ['log.c#persist:3']],
      ['log.c#log_write', 4, ['log.c#persist:7']],
      ['main.c#persist', 2, []],
      // Both branches of the #if, the one that passes the function on as a value too.
      ['main.c#main', 3, ['log.c#log_flush:6', 'log.c#log_write:8', 'main.c#persist:10']],
    ]);
  });

  it('should export what is not static, and in a kernel what EXPORT_SYMBOL names', async () => {
    const plain = await surfaceOf(LIBRARY);
    expect(plain.exports.map(({ symbol, signature }) => [symbol, signature])).toEqual([
      ['log.c#log_flush', 'void log_flush(void)'],
      ['log.c#log_write', 'int log_write(const char *text)'],
      ['main.c#main', 'int main(void)'],
    ]);
    const module = await surfaceOf({
      'a.c': 'int a(int x)\n{\n\treturn x;\n}\nEXPORT_SYMBOL_GPL(a);\nint b(void) { return a(1); }\n',
    });
    expect(module.exports.map(({ symbol, signature }) => [symbol, signature])).toEqual([
      ['a.c#a', 'EXPORT_SYMBOL_GPL int a(int x)'],
    ]);
  });

  it('should tell what a step adds, moves and changes, and who calls what instead', async () => {
    const before = await surfaceOf(LIBRARY);
    const after = await surfaceOf({
      ...LIBRARY,
      'log.c': LIBRARY['log.c']
        .replace('void log_flush(void) { persist(); }\n', '')
        .replace('int log_write(', 'long log_write('),
      'flush.c':
        'static void persist(void) { }\nvoid log_flush(void) { persist(); }\nvoid log_drain(void) { }\n',
      'main.c': LIBRARY['main.c'].replace('log_write("a")', 'log_drain()'),
    });
    const { added, removed, moved, changed } = apiDelta(before, after);
    expect(added.map(({ symbol }) => symbol)).toEqual(['flush.c#log_drain']);
    expect(removed).toEqual([]);
    expect(moved).toEqual([{ from: 'log.c#log_flush', to: 'flush.c#log_flush' }]);
    expect(changed.map(({ before: was, after: is }) => [was, is])).toEqual([
      ['int log_write(const char *text)', 'long log_write(const char *text)'],
    ]);
    expect(callersMoved(before, after).map(({ place, from, to }) => [place, from, to])).toContainEqual([
      'main.c:8',
      'log.c#log_write',
      'flush.c#log_drain',
    ]);
  });
});

/** A range of two commits: the api gets a successor, which the second one's callers take. */
async function withSeries<T>(contract: string, use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder({}, async (folder) => {
    git(folder, 'init', '-q', '-b', 'main');
    mkdirSync(path.join(folder, 'contracts'));
    writeFileSync(path.join(folder, 'contracts/drain.contract.yaml'), contract);
    commit(folder, 'start', {
      ...LIBRARY,
      'probe.sh': 'grep -c persist main.c | sed "s/^/result\tcalls\t/"\n',
      'one.txt': 'x\n',
      'conform.config.yaml':
        'range: main..work\nlanguage: c\nprobe:\n  run: sh "$CONFORM_PROJECT/probe.sh"\n  workloads: [one.txt]\n  dimensions:\n    result: { meaning: how often, compare: number }\n',
    });
    git(folder, 'checkout', '-q', '-b', 'work');
    commit(folder, 'add log_drain', { 'flush.c': 'void log_drain(void) { }\n' });
    commit(folder, 'call log_drain', {
      'main.c': LIBRARY['main.c'].replace('log_write("a")', 'log_drain()'),
    });
    return use(folder);
  });
}

const CONTRACT = `commit: add log_drain
class: add
api:
  added: [flush.c#log_drain]
---
commit: call log_drain
class: convert
callers:
  - from: log.c#log_write
    to: flush.c#log_drain
    in: [main.c#main]
noCallersFromHere: [log_write]
`;

describe('a git range of C', () => {
  it('should be reviewed as any other series: exports, callers, behaviour by a probe, and a chart of callers', async () => {
    const [first = '', second = ''] = CONTRACT.split('---\n');
    await withSeries(first, async (folder) => {
      writeFileSync(path.join(folder, 'contracts/call.contract.yaml'), second);
      const where = { folder, cacheHome: path.join(folder, '.cache') };
      const review = await conformIn(where, ['review', '2']);
      expect(review.out).toContain('log.c#log_write');
      expect(review.out).toContain('flush.c#log_drain');
      expect([review.code, review.err]).toEqual([0, '']);
      const book = await conformIn(where, ['review', '--format', 'html']);
      expect(book.out).toContain('log_write: 1, 1, 0');
      expect(book.out).not.toContain('in a language that nobody reads here');
      expect(book.code).toBe(0);
    });
  });

  it('should fail where an export comes that its contract does not declare', async () => {
    await withSeries('commit: add log_drain\nclass: add\n', async (folder) => {
      const { code, out } = await conformIn({ folder, cacheHome: path.join(folder, '.cache') }, [
        'review',
        '1',
      ]);
      expect(out).toContain('flush.c#log_drain is added, but the contract does not say so');
      expect(code).toBe(1);
    });
  });
});
