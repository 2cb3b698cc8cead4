// Each kind of rule on a few lines of C: what it finds, what it leaves alone, and that one matching nothing fails.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit, git, judgeFolder, judgeRange, judgeTexts, rows, rule, withFolder } from './trees.ts';

const call = (comment: string): string => `void f(void);\n${comment}\nvoid a(void) { f(); }\n`;

describe('noReference', () => {
  it('should leave namesakes alone, and mean a static where the file is named', async () => {
    const texts = {
      'a.c': 'static void f(void) { }\nvoid a(void) { f(); }\n',
      'b.c':
        'void b(void) { f(); }\nstruct f { int f; };\nenum e { x };\nint c(struct f *f) { return f->f; }\n',
    };
    expect(rows(await judgeTexts(texts, [rule('noReference', { symbols: ['f'] })]))).toEqual([
      'b.c:1 calls f',
    ]);
    expect(rows(await judgeTexts(texts, [rule('noReference', { symbols: ['a.c#f'] })]))).toEqual([
      'a.c:1 defines f',
      'a.c:2 calls f',
    ]);
  });

  it('should tell how a constant is used, an enumerator too', async () => {
    const text =
      'enum e { FLAG = 4 };\nint a(int x) { if (x & FLAG) x |= FLAG; x = x & ~FLAG; return x == FLAG; }\n';
    expect(
      rows(await judgeTexts({ 'a.c': text }, [rule('noReference', { symbols: ['FLAG'], uses: ['value'] })])),
    ).toEqual([
      'a.c:2 uses FLAG (test)',
      'a.c:2 uses FLAG (set)',
      'a.c:2 uses FLAG (clear)',
      'a.c:2 uses FLAG (compare)',
    ]);
  });

  it('should follow a name through the fields that hold it, by the type of the struct, when it is told to', async () => {
    const texts = {
      'ops.h':
        'struct ops { int (*open)(int); int (*close)(int); };\nstruct other { int (*open)(int); };\nstruct dev { struct ops *ops; struct other oth; };\n#define OPEN(o) (o)->open(1)\n',
      'a.c': `#include "ops.h"
static struct ops mine = { .open = f };
int a(struct ops *o) { return o->open(1); }
int b(struct dev *d) { return d->ops->open(1) + d->oth.open(2) + (*d->ops->open)(3); }
int c(void) { struct ops o = mine; int (*p)(int) = o.open; return p(1) + o.close(2); }
int d(void) { return unknown()->open(1); }
void e(struct ops *o) { o->open = 0; mine = (struct ops){ .open = 0 }; }
int g(void) { return mine.open(1); }
`,
    };
    const judge = async (followSlots: boolean): Promise<readonly string[]> =>
      rows(
        await judgeTexts(texts, [rule('noReference', { symbols: ['f'], followSlots })], {
          includePaths: ['.'],
        }),
      );
    const store = 'a.c:2 stores in a field f, struct ops.open';
    expect(await judge(false)).toEqual([store]);
    const through = 'f through struct ops.open';
    expect(await judge(true)).toEqual([
      store,
      `a.c:3 calls ${through}`,
      `a.c:4 calls ${through}`,
      `a.c:4 calls ${through}`,
      `a.c:5 uses ${through}`,
      `a.c:6 [unprovable] may call ${through}: nobody can tell of what type the field is`,
      `a.c:8 calls ${through}`,
      `ops.h:4 [unprovable] may use ${through}: nobody can tell of what type the field is`,
    ]);
  });

  it('should take any string for a name only when it is told to', async () => {
    const texts = { 'a.c': 'void f(void);\nvoid a(void) { print("f"); symbol_get("f"); }\n' };
    const plain = await judgeTexts(texts, [rule('noReference', { symbols: ['f'], uses: ['text'] })]);
    const strict = await judgeTexts(texts, [
      rule('noReference', { symbols: ['f'], uses: ['text'], strictStrings: true }),
    ]);
    expect([rows(plain).length, rows(strict).length]).toEqual([1, 2]);
  });

  it('should fail when it matches nothing, unless that is expected', async () => {
    const texts = { 'a.c': 'int a;\n' };
    expect(rows(await judgeTexts(texts, [rule('noReference', { symbols: ['gone'] })]))).toEqual([
      'rules:1 [empty-rule] the rule matches nothing: it does not find gone',
    ]);
    expect(
      rows(await judgeTexts(texts, [rule('noReference', { symbols: ['gone'], mayBeEmpty: true })])),
    ).toEqual([]);
    const own = { 'a.c': 'static int own(void) { return 0; }\n' };
    expect(rows(await judgeTexts(own, [rule('noReference', { symbols: ['own'] })]))).toEqual([
      'rules:1 [empty-rule] the rule matches nothing: it does not find own (static in a.c: write a.c#own)',
    ]);
  });

  it('should be excepted beside the code, with a reason and only where it holds', async () => {
    const only = rule('noReference', { symbols: ['f'], uses: ['call'] });
    expect(
      rows(await judgeTexts({ 'a.c': call('/* conform-allow R: until it is moved */') }, [only])),
    ).toEqual([]);
    expect(rows(await judgeTexts({ 'a.c': call('/* conform-allow R */') }, [only]))).toEqual([
      'a.c:2 [bad-exception] the exception for R gives no reason',
      'a.c:3 calls f',
    ]);
    expect(
      rows(
        await judgeTexts(
          { 'a.c': `void f(void);\n// conform-allow R: for nothing\nint b;\nvoid a(void) { f(); }\n` },
          [only],
        ),
      ),
    ).toContain('a.c:2 [stale-exception] the exception for R covers nothing');
  });
});

describe('onlyInto', () => {
  const header =
    'struct ops { int (*open)(void); int (*close)(void); };\nstruct other { int (*open)(void); };\nextern struct ops *shared;\nstruct box { struct ops inner; struct ops list[2]; };\nstruct deep { int n; struct { int (*open)(void); } in; union { int (*any)(void); long number; }; };\n';
  const only = rule('onlyInto', { symbols: ['my_*'], slots: ['struct ops.open'] });
  const judge = async (text: string): Promise<readonly string[]> =>
    rows(
      await judgeTexts(
        { 'ops.h': header, 'a.c': `#include "ops.h"\nstatic int my_open(void) { return 0; }\n${text}\n` },
        [only],
        { includePaths: ['.'] },
      ),
    );

  it.each([
    ['by name', 'struct ops a = { .open = my_open };', []],
    ['by position', 'struct ops a = { my_open };', []],
    [
      'the second by position',
      'struct ops a = { 0, my_open };',
      ['stores my_open by position in struct ops.close of a; it may be stored only in struct ops.open'],
    ],
    [
      'a field of the same name',
      'struct other a = { .open = my_open };',
      ['stores my_open in struct other.open of a; it may be stored only in struct ops.open'],
    ],
    ['through a pointer a header declares', 'void a(void) { shared->open = my_open; }', []],
    [
      'through a parameter',
      'void a(struct ops *o) { o->close = my_open; }',
      ['stores my_open in struct ops.close of o; it may be stored only in struct ops.open'],
    ],
    ['a struct in a struct', 'struct box a = { .inner = { .open = my_open }, .list = { { my_open } } };', []],
    [
      'a struct in a struct, assigned',
      'void a(struct box *b) { b->inner.open = my_open; b->list[1].close = my_open; }',
      ['stores my_open in struct ops.close of b; it may be stored only in struct ops.open'],
    ],
    [
      'a struct that is declared in another',
      'struct deep a = { .in = { .open = my_open } }, b = { .in.open = my_open }, c = { 1, { my_open } }, d = { in: { open: my_open } };',
      Array.from(
        'abcd',
        (name) =>
          `stores my_open${name === 'c' ? ' by position' : ''} in struct deep.in.open of ${name}; it may be stored only in struct ops.open`,
      ),
    ],
    [
      'a member without a name',
      'void a(struct deep *d) { d->any = my_open; d->in.open = my_open; }',
      ['any', 'in.open'].map(
        (field) => `stores my_open in struct deep.${field} of d; it may be stored only in struct ops.open`,
      ),
    ],
    [
      'a struct in a struct without its braces',
      'struct deep a = { 1, my_open };',
      ['[unprovable] stores my_open by position in a field of a, whose type nobody can tell'],
    ],
    ['a compound literal', 'void a(void) { use((struct ops){ .open = my_open }); }', []],
    [
      'an unknown type',
      'void a(void) { unknown->open = my_open; }',
      ['[unprovable] stores my_open in open of unknown, whose type nobody can tell'],
    ],
    [
      'an argument',
      'void a(void) { give(my_open); }',
      ['passes to give: my_open, which may only be stored in struct ops.open'],
    ],
  ])('should judge a store %s', async (_what, text, expected) => {
    expect(await judge(text)).toEqual(expected.map((one) => `a.c:3 ${one}`));
  });

  it('should know a struct by its typedefs, and fields that a macro declares without a semicolon', async () => {
    const text = `#define HEAD int count;
#define HEAD_INIT(n) { n },
typedef struct _kind {
  HEAD
  const char *name;
  int (*open)(void);
} kind;
static int my_open(void) { return 0; }
kind a = {
  HEAD_INIT(1)
  "a",
  my_open,
};
void b(kind *k) { k->open = my_open; }
`;
    const into = async (...slots: readonly string[]): Promise<readonly string[]> =>
      rows(await judgeTexts({ 'a.c': text }, [rule('onlyInto', { symbols: ['my_open'], slots })]));
    expect(await into('kind.open')).toEqual([]);
    expect(await into('struct _kind.*')).toEqual([]);
    expect(await into('kind.name')).toEqual([
      'a.c:12 stores my_open by position in struct _kind.open of a; it may be stored only in kind.name',
      'a.c:14 stores my_open in struct _kind.open of k; it may be stored only in kind.name',
    ]);
  });

  it('should let those call that may', async () => {
    const texts = {
      'a.c': 'int my_open(void) { return 0; }\nint a(void) { return my_open(); }\n',
      'b.c': 'int b(void) { return my_open(); }\n',
      'core/c.c': 'int c(void) { return my_open(); }\n',
    };
    expect(
      rows(
        await judgeTexts(texts, [
          rule('onlyInto', { symbols: ['my_open'], slots: ['struct ops.open'], callers: ['core/**'] }),
        ]),
      ),
    ).toEqual(['b.c:1 calls: my_open, which may only be stored in struct ops.open']);
  });
});

describe('boundary, layers and noUnresolved', () => {
  const texts = {
    'include/api.h': '#ifdef X\n#include "inner/secret.h"\n#endif\n',
    'inner/secret.h': 'int secret(void);\n#define SECRET 1\n',
    'inner/own.c': '#include "secret.h"\n',
    'app/a.c':
      '#include <api.h>\n#include MACRO\n#include <secret.h>\nint a(void) { return secret() + SECRET; }\n',
    'app/b.c': '#include "../inner/secret.h"\n',
  };

  it('should find includes, and say what nobody can tell', async () => {
    expect(
      rows(await judgeTexts(texts, [rule('boundary', { files: ['app/**'], mustNotInclude: ['inner/**'] })])),
    ).toEqual([
      'app/a.c:2 [unprovable] includes what the macro MACRO says, which nobody can tell',
      'app/a.c:3 [unprovable] includes <secret.h>, which leads nowhere for the include paths given and may be inner/secret.h',
      'app/b.c:1 includes inner/secret.h',
    ]);
  });

  it('should find includes of includes, with the chain', async () => {
    const { findings } = await judgeTexts(texts, [
      rule('boundary', { files: ['app/a.c'], mustNotInclude: ['inner/**'], reach: 'transitive' }),
    ]);
    const [first] = findings;
    expect([first?.place.line, first?.message, first?.via]).toEqual([
      1,
      'includes <api.h>, which leads to inner/secret.h',
      ['include/api.h'],
    ]);
  });

  it('should find what other folders declare, by name', async () => {
    expect(
      rows(await judgeTexts(texts, [rule('boundary', { files: ['app/**'], mustNotUse: ['inner/**'] })])),
    ).toEqual([
      'app/a.c:4 names secret, which inner/secret.h declares',
      'app/a.c:4 names SECRET, which inner/secret.h declares',
    ]);
  });

  it('should hold a table of folders', async () => {
    const layers = [
      { name: 'inner', files: ['inner/**'], may: [] },
      { name: 'include', files: ['include/**'], may: [] },
      { name: 'app', files: ['app/**'], may: ['include'] },
    ];
    expect(rows(await judgeTexts(texts, [rule('layers', { layers })]))).toEqual([
      'app/b.c:1 app includes inner/secret.h; it may include itself and include',
      'include/api.h:2 include includes inner/secret.h; it may include itself and nothing else',
    ]);
  });

  it('should know that an include leads to a file that is not looked at, in each commit', async () => {
    const unresolved = rule('noUnresolved', {});
    const inc = { 'a.c': '#include "table.inc"\n#include "other.def"\n', 'table.inc': '1,\n' };
    const nowhere = 'includes "other.def", which leads to no file for the include paths given';
    expect(rows(await judgeTexts(inc, [unresolved]))).toEqual([`a.c:2 ${nowhere}`]);
    await withFolder({}, async (folder) => {
      git(folder, 'init', '-q', '-b', 'main');
      commit(folder, 'start', inc);
      commit(folder, 'the other', { 'other.def': '2,\n', 'table.inc': '' });
      expect(rows(await judgeRange(folder, 'main~1..main', [unresolved]))).toEqual(
        [
          '1: a.c:1 includes "table.inc", which leads to no file for the include paths given',
          `0: a.c:2 ${nowhere}`,
        ].sort(),
      );
    });
  });

  it('should find includes that lead nowhere, made ones aside', async () => {
    expect(
      rows(await judgeTexts(texts, [rule('noUnresolved', { files: ['app/**'], generated: ['secret.h'] })])),
    ).toEqual(['app/a.c:2 [unprovable] includes what the macro MACRO says, which nobody can tell']);
    expect(rows(await judgeTexts(texts, [rule('noUnresolved', { files: ['app/**'] })]))).toContain(
      'app/a.c:3 includes <secret.h>, which leads to no file for the include paths given',
    );
  });
});

describe('noUndeclared', () => {
  it('should find a declaration of one’s own, under which condition, and who else declares it', async () => {
    const texts = {
      'f.h': '#ifdef H\nvoid f(void);\n#endif\n',
      'f.c': '#ifdef F\nvoid f(void) { }\n#endif\n',
      'a.c': '#ifdef H\nvoid f(void);\n#endif\nvoid own(void);\nvoid own(void) { f(); }\n',
    };
    const { findings } = await judgeTexts(texts, [rule('noUndeclared', {})]);
    expect(findings.map(({ place, message, notes }) => [place.file, place.line, message, notes])).toEqual([
      [
        'a.c',
        2,
        'declares f for itself; f.h declares it',
        ['only where defined(H)', 'f.h:2 declares it where defined(H)', 'f.c:2 defines it where defined(F)'],
      ],
    ]);
  });
});

describe('exportReport', () => {
  const only = rule('exportReport', { files: ['**'], report: 'exports.txt' });
  const text = 'void f(void) { }\nEXPORT_SYMBOL_GPL(f);\nint g;\nEXPORT_SYMBOL_NS(g, SPACE);\n';

  it('should write the list, hold it, and tell what is new, gone, moved or of another kind', async () => {
    await withFolder({ 'a.c': text }, async (folder) => {
      const report = path.join(folder, 'exports.txt');
      expect(rows(await judgeFolder(folder, [only]))).toEqual([
        'rules:1 [empty-rule] the rule matches nothing: it does not find exports.txt',
      ]);
      expect(rows(await judgeFolder(folder, [only], { update: true }))).toEqual([]);
      expect(readFileSync(report, 'utf8')).toBe('f EXPORT_SYMBOL_GPL a.c\ng EXPORT_SYMBOL_NS a.c\n');
      writeFileSync(report, 'f EXPORT_SYMBOL a.c\ng EXPORT_SYMBOL_NS old.c\nh EXPORT_SYMBOL a.c\n');
      expect([...rows(await judgeFolder(folder, [only]))].sort()).toEqual([
        'a.c:1 no longer exports h, which exports.txt lists',
        'a.c:2 exports f by EXPORT_SYMBOL_GPL; exports.txt has EXPORT_SYMBOL',
        'a.c:4 exports g, which exports.txt has in old.c',
      ]);
      expect(existsSync(report)).toBe(true);
    });
  });
});

describe('options', () => {
  it.each([
    ['noReference', { symbols: ['f'], uses: ['import'] }, 'rule R (noReference): option "uses.0"'],
    ['onlyInto', { symbols: ['f'] }, 'rule R (onlyInto): option "slots"'],
    ['noCopy', {}, 'there is no kind "noCopy" for C'],
    ['tombstones', { tombstones: { file: 'gone.txt' } }, 'gone.txt: there is no such file'],
  ])('should be refused where they mean nothing: %s', async (kind, options, message) => {
    await expect(judgeTexts({ 'a.c': '' }, [rule(kind, options)])).rejects.toThrow(message);
  });
});
