// Roads to a name and uses of a constant, each marked in the fixture beside its line; look-alikes must stay silent.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lex, Kind, tokenText } from '#checks/c/lex.ts';
import { reached } from '#checks/c/reach.ts';
import { resolveSlot } from '#checks/c/slot-types.ts';
import { symbolOf } from '#checks/c/uses.ts';
import { judgeFolder, judgeTexts, rows, rule, treeOf, withFolder } from './trees.ts';

const FIXTURE = path.join(import.meta.dirname, 'fixtures/roads');

interface Row {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly in?: string;
  readonly of?: string;
  readonly use?: string;
  readonly into?: string;
  readonly slot?: string;
  readonly how?: string;
  readonly through?: string;
  readonly condition?: readonly string[];
  readonly count?: number;
  readonly optional?: boolean;
}

const EXPECTED = JSON.parse(readFileSync(path.join(FIXTURE, 'expected.json'), 'utf8')) as Record<
  string,
  readonly Row[]
>;

describe.each(['memcpy_to_pmem', 'PM_FLUSH'])('the uses of %s', (name) => {
  const expected = (EXPECTED[name] ?? []).filter(({ optional }) => optional !== true);

  it('should be found line by line, kind by kind, with conditions, and nothing else', async () => {
    const tree = await treeOf(FIXTURE, [name], ['.']);
    const found = reached(tree, [symbolOf(name)], { teaches: () => true });
    for (const row of expected) {
      const here = found.filter(({ use }) => use.file === row.file && use.line === row.line);
      const kinds = row.kind === 'unprovable' ? 'text' : row.kind;
      const own = here.filter(({ use }) => use.kind === kinds);
      expect([row.file, row.line, kinds, own.length]).toEqual([row.file, row.line, kinds, row.count ?? 1]);
      const [{ use, road } = { use: undefined, road: [] }] = own;
      const slot = row.slot === undefined || use === undefined ? undefined : await resolveSlot(tree, use);
      const through = row.kind === 'macro-body' ? use?.in : (road[0]?.name ?? use?.of);
      const said = {
        in: use?.in,
        of: use?.of,
        use: use?.use,
        into: use?.into,
        slot,
        how: use?.slot?.isByPosition === true ? 'by position' : undefined,
        through,
      };
      const asked = Object.keys(said).filter((key) => key in row) as (keyof typeof said)[];
      expect([row.line, ...asked.map((key) => said[key])]).toEqual([
        row.line,
        ...asked.map((key) => row[key]),
      ]);
      expect([row.line, use?.condition]).toEqual([row.line, row.condition ?? []]);
    }
    const lines = new Set(expected.map(({ file, line }) => `${file}:${line}`));
    expect(found.map(({ use }) => `${use.file}:${use.line}`).filter((line) => !lines.has(line))).toEqual([]);
  });

  it('should lose no token: each is a use or has a reason for silence', async () => {
    const tree = await treeOf(FIXTURE, [name], ['.']);
    for (const file of tree.source.files.names()) {
      const tokens = lex(readFileSync(path.join(FIXTURE, file), 'latin1'));
      const places = tokens.kinds.flatMap((kind, index) =>
        kind === Kind.word && tokenText(tokens, index) === name ? [tokens.starts[index]] : [],
      );
      const known = new Set(
        tree.uses.uses.filter((use) => use.file === file && use.name === name).map(({ at }) => at),
      );
      expect([file, places.filter((at) => !known.has(at ?? -1))]).toEqual([file, []]);
    }
    expect(tree.uses.uses.filter(({ kind, why }) => kind === 'silent' && why === undefined)).toEqual([]);
  });
});

describe('roads', () => {
  const plain = rule('noReference', { symbols: ['f'] });

  it('should lead through macros of macros, pasted ones too', async () => {
    const text =
      '#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define END(x) x##_to_g(1)\n#define MID(y) END(y)\nint a(void) { CAT(copy_, to_g)(1); return MID(copy); }\n';
    const result = await judgeTexts({ 'a.c': text }, [rule('noReference', { symbols: ['copy_to_g'] })]);
    expect(rows(result)).toEqual([
      'a.c:5 makes by ## copy_to_g, by CAT',
      'a.c:5 makes by ## copy_to_g, by MID',
    ]);
  });

  it('should be told as unprovable where they are longer than eight names', async () => {
    const macros = Array.from(
      { length: 10 },
      (_, at) => `#define M${at + 1} ${at === 0 ? 'f' : `M${at}`}`,
    ).join('\n');
    const result = await judgeTexts({ 'a.c': `${macros}\nint a(void) { return M8(1); }\n` }, [plain]);
    expect(rows(result)).toContain(
      'a.c:9 [unprovable] M9 stands for it too, and the road is too long to follow',
    );
    expect(rows(result)).toContain('a.c:11 calls f through M8');
  });

  it('should not be followed into a file that has the name from a header of its own', async () => {
    const texts = {
      'one.h': '#define go() f()\n',
      'two.h': '#define go() h()\n',
      'one.c': '#include "one.h"\nint a(void) { return go(); }\n',
      'two.c': '#include "two.h"\nint b(void) { return go(); }\n',
    };
    expect(rows(await judgeTexts(texts, [plain]))).toEqual([
      'one.c:2 calls f through go',
      'one.h:1 names in a macro f go',
    ]);
  });

  it('should reach other files through a pointer they share, and stop at the function that has its own', async () => {
    const texts = {
      'a.c':
        'void f(void);\nvoid (*shared)(void) = f;\nvoid g(void) { void (*own)(void) = f; own(); }\nvoid h(void (*own)(void)) { own(); }\n',
      'b.c': 'extern void (*shared)(void);\nvoid k(void) { shared(); }\n',
    };
    const found = rows(await judgeTexts(texts, [rule('noReference', { symbols: ['f'], uses: ['call'] })]));
    expect(found).toEqual(['a.c:3 calls f through own', 'b.c:2 calls f through shared']);
  });

  it('should reach the files that include a source, and mean its statics there', async () => {
    const texts = {
      'a.c':
        'void f(void);\n#define GO f\nstatic inline void wrap(void) { f(); }\nstatic void own(void) { }\n#include "part.c"\n',
      'part.c': 'void p(void) { own(); }\n',
      'b.c': '#include "a.c"\nvoid b(void) { wrap(); GO(); own(); }\n',
      'c.c': 'void c(void) { wrap(); GO(); own(); }\n',
    };
    const calls = async (symbol: string): Promise<readonly string[]> =>
      rows(await judgeTexts(texts, [rule('noReference', { symbols: [symbol], uses: ['call'] })]));
    expect(await calls('f')).toEqual([
      'a.c:3 calls f',
      'b.c:2 calls f through wrap',
      'b.c:2 calls f through GO',
    ]);
    expect(await calls('a.c#own')).toEqual(['b.c:2 calls own', 'part.c:1 calls own']);
    // `own` of others is what c.c calls; whose `own` part.c calls when it is compiled alone nobody can tell.
    expect(await calls('own')).toEqual(['c.c:1 calls own', 'part.c:1 calls own']);
  });

  it('should be followed through other names that attributes and assemblers make', async () => {
    const texts = {
      'a.c':
        'int f(int);\n[[gnu::alias("f")]] int one(int);\nint two(int) __attribute__((weak, alias("f")));\nint b(void) { return one(1) + two(2); }\n',
      'a.S':
        '\t.set three, f\nfour = f\nSYM_FUNC_ALIAS(five, f)\n\tcall three # not f\n\tcall four\n\tcall five\n\tmov x0, # f\n',
    };
    expect(rows(await judgeTexts(texts, [plain]))).toEqual([
      'a.S:1 makes another name for f',
      'a.S:2 makes another name for f',
      'a.S:3 makes another name for f',
      'a.S:4 names in assembly f through three',
      'a.S:5 names in assembly f through four',
      'a.S:6 names in assembly f through five',
      'a.S:7 names in assembly f',
      'a.c:1 declares f',
      'a.c:2 makes another name for f',
      'a.c:3 makes another name for f',
      'a.c:4 calls f through one',
      'a.c:4 calls f through two',
    ]);
  });

  it.each([
    [
      'on the line of the macro',
      'void a(void) { CLEAR(area); }\n',
      ['a.c:2 makes by ## clear_area, by CLEAR'],
    ],
    [
      'on a line of its own',
      'void a(void) {\n\tCLEAR(\n\t\tarea);\n}\n',
      ['a.c:3 makes by ## clear_area, by CLEAR'],
    ],
    [
      'to a macro that hands it on',
      '#include "more.h"\nvoid a(void) { PASS(area); }\n',
      ['a.c:3 makes by ## clear_area, by PASS'],
    ],
    ['to something else', 'void a(void) { f(area); CLEAR(other); }\n', []],
    [
      'in two parts',
      'void a(void) { JOIN(clear, area); JOIN(cl, ear_area); }\n',
      ['a.c:2 makes by ## clear_area, by JOIN', 'a.c:2 makes by ## clear_area, by JOIN'],
    ],
  ])('should be found where a macro is given the rest of a name %s', async (_where, text, expected) => {
    const texts = {
      'clear.h':
        '#define CLEAR(what) clear_##what()\n#define JOIN_(a, b) a##_##b()\n#define JOIN__(a, b) a##b()\n#define JOIN(a, b) JOIN_(a, b) JOIN__(a, b)\n',
      'more.h': '#define PASS(it) CLEAR(it)\n',
      'a.c': `#include "clear.h"\n${text}`,
    };
    const only = rule('noReference', { symbols: ['clear_area'], uses: ['paste'], mayBeEmpty: true });
    expect(rows(await judgeTexts(texts, [only]))).toEqual(expected);
  });

  it('should be no roads where a file may name the symbol: what it makes of it others may use', async () => {
    const texts = {
      'api.h': 'static inline void wrap(void) { f(); }\n',
      'a.c': '#include "api.h"\nvoid a(void) { wrap(); }\n',
    };
    expect(
      rows(await judgeTexts(texts, [rule('noReference', { symbols: ['f'], except: ['api.h'] })])),
    ).toEqual([]);
    expect(rows(await judgeTexts(texts, [plain]))).toContain('a.c:2 calls f through wrap');
  });
});

describe('places that hide', () => {
  it.each([
    [
      'a word cut by a continued line',
      'void a(void) { f\\\nf(); }\nint b = ff;\n',
      ['a.c:1 calls ff', 'a.c:3 stores ff, in b'],
    ],
    [
      'both branches that open one brace',
      '#ifdef A\nvoid a(int x) {\n#else\nvoid a(void) {\n#endif\n\tff();\n}\n',
      ['a.c:6 calls ff'],
    ],
    ['a condition that is computed', '#if defined(ff) && 1\n#endif\n', ['a.c:1 asks in a condition for ff']],
    [
      'assembly inside a macro',
      '#define x() asm("call ff")\nvoid a(void) { x(); }\n',
      ['a.c:1 names in a macro ff x', 'a.c:2 calls ff through x'],
    ],
    ['a macro without a semicolon', 'THING(ff)\nint b;\n', ['a.c:1 passes on ff, to THING']],
    ['digraphs', '%:define x ff\n', ['a.c:1 names in a macro ff x']],
    ['digraphs for brackets', 'int a(void) <% int x<:3:>; return ff(x<:0:>); %>\n', ['a.c:1 calls ff']],
    [
      'a comment that never ends',
      'void a(void) { ff(); } /* ff\nvoid b(void) { ff(); }\n',
      ['a.c:1 calls ff', 'a.c:2 calls ff'],
    ],
    [
      'a literal of a struct at file scope',
      'T a = { ff }, *b = &(T){ .f = ff };\nvoid c(void) { ff(); }\n',
      ['a.c:1 stores in a field ff, T', 'a.c:1 stores in a field ff, T.f', 'a.c:2 calls ff'],
    ],
    [
      'the end of a range',
      'int a(int x) { switch (x) { case 1 ... ff: return 1; } }\nint b[] = { [0 ... ff] = 1 };\n#define C(x) (x)->ff + (x).ff\n',
      ['a.c:1 uses ff (compare)', 'a.c:2 uses ff (set)'],
    ],
    [
      'a function whose head is a macro',
      'YY_DECL\n{\n\tff(1);\n}\nvoid a(void) { ff(2); }\n',
      ['a.c:3 calls ff', 'a.c:5 calls ff'],
    ],
    [
      'a type among arguments',
      'void a(void) {\n\tff(cast(char *, x));\n\tg(cast(char *, ff));\n\tT(int) y = ff;\n}\n',
      ['a.c:2 calls ff', 'a.c:3 passes on ff, to g', 'a.c:4 stores ff, in y'],
    ],
    [
      'an array of arrays',
      'fn a[2][2] = { { ff, 0 }, { [1] = ff } };\n',
      ['a.c:1 stores ff, in a', 'a.c:1 stores ff, in a'],
    ],
    ['old parameters', 'int a(ff) int ff; { return ff; }\n', []],
    [
      'a bracketed name',
      'void a(void) { (ff)(); (*ff)(); (&ff)(); }\n',
      ['a.c:1 calls ff', 'a.c:1 calls ff', 'a.c:1 calls ff'],
    ],
    [
      'a quote in a line for the preprocessor',
      "#if 0\n#error don't\n#endif\nvoid a(void) { ff(); }\n",
      ['a.c:4 calls ff'],
    ],
  ])('should be read: %s', async (_what, text, expected) => {
    expect(
      rows(await judgeTexts({ 'a.c': text }, [rule('noReference', { symbols: ['ff'], mayBeEmpty: true })])),
    ).toEqual(expected);
  });

  it('should be read in assembly files, apostrophes and all', async () => {
    const text =
      '/* it\'s f */\n#include "x.h"\nENTRY(f)\n\tcall f\n\t.quad f\n# don\'t f\nEXPORT_SYMBOL(f)\n';
    await withFolder({ 'a.S': text }, async (folder) => {
      const tree = await treeOf(folder, ['f']);
      expect(tree.uses.uses.map(({ line, kind }) => [line, kind])).toEqual([
        [3, 'definition'],
        [4, 'assembly'],
        [5, 'assembly'],
        [7, 'export'],
      ]);
    });
  });

  it('should be what they are in the C of databases and runtimes: bracketed names, macros without a semicolon', async () => {
    const text = `API int (f)(int x);
API char *(g) (int x);
int (f)(int x) { return x; }
int a(int x)
{
\tBEGIN_THREADS
\tx = f(x);
\tEnd_threads /* none */
\tf = x;
\tif EQ("x") { x = 1; }
\telse f(x);
\treturn f(x);
}
`;
    const tree = rule('noReference', { symbols: ['f', 'g'] });
    expect(rows(await judgeTexts({ 'a.c': text }, [tree]))).toEqual([
      'a.c:1 declares f',
      'a.c:2 declares g',
      'a.c:3 defines f',
      'a.c:7 calls f',
      'a.c:9 uses f',
      'a.c:11 calls f',
      'a.c:12 calls f',
    ]);
  });

  it('should be constants where nothing here declares them and they are written so', async () => {
    const text = 'int a(int x) { int rc = DB_BUSY; g(DB_BUSY); return rc & DB_BUSY; }\n';
    expect(rows(await judgeTexts({ 'a.c': text }, [rule('noReference', { symbols: ['DB_BUSY'] })]))).toEqual([
      'a.c:1 uses DB_BUSY (set)',
      'a.c:1 uses DB_BUSY, given to g',
      'a.c:1 uses DB_BUSY (test)',
    ]);
  });

  it('should not be passed over when the grammar fails', async () => {
    const text = 'void a(void) { @ f @ ( } ; \n';
    const result = await judgeTexts({ 'a.c': text }, [rule('noReference', { symbols: ['f'] })]);
    expect(result.findings).toHaveLength(1);
  });
});

describe('conditions', () => {
  const texts = {
    'p.h':
      '#ifdef H\nvoid f(void);\n#else\nstatic inline void f(void) { }\n#endif\n#if IS_ENABLED(X)\nvoid g(void) { f(); }\n#endif\n',
  };
  const plain = rule('noReference', { symbols: ['f'], except: [] });

  it('should be folded by what is assumed', async () => {
    expect(rows(await judgeTexts(texts, [plain], { assume: ['H=y', 'X=n'] }))).toEqual(['p.h:2 declares f']);
    expect(rows(await judgeTexts(texts, [plain], { assume: ['H=n', 'X=m'] }))).toEqual([
      'p.h:4 defines f',
      'p.h:7 calls f',
    ]);
    expect(rows(await judgeTexts(texts, [plain]))).toHaveLength(3);
  });

  it('should stand beside the finding', async () => {
    const { findings } = await judgeTexts(texts, [plain]);
    expect(findings.map(({ condition }) => condition)).toEqual([
      ['defined(H)'],
      ['!defined(H)'],
      ['IS_ENABLED(X)'],
    ]);
  });

  it('should refuse an assumption that says nothing', async () => {
    await expect(judgeTexts(texts, [plain], { assume: ['H'] })).rejects.toThrow('--assume H: write NAME=y');
  });
});

it('should leave the fixture to the rule a user writes', async () => {
  const result = await judgeFolder(FIXTURE, [rule('noReference', { symbols: ['memcpy_to_pmem'] })], {
    includePaths: ['.'],
  });
  expect(rows(result)).toContain(
    'roads.c:31 [unprovable] gives to something that may look it up the name memcpy_to_pmem (lookup)',
  );
});
