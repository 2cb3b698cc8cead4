/** Scenario files: every word of the format, what it means, and how a wrong file is refused. */
import { describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { parseScenarios } from '#pmem/scenarios/file/parse.ts';
import type { Expectation } from '#pmem/scenarios/scenario.ts';

/** The expectations of a file with one scenario of that body. */
function expected(body: string): readonly Expectation[] {
  return parseScenarios(`scenario: one\n${body}`, 'one.scenarios')[0]?.expected ?? [];
}

/** Tree and value of each result of an operation that is written so. */
function resultsOf(result: string): (readonly [tree: string | undefined, value: string])[] {
  return expected(`flush pmem0 => ${result}`).map(({ tree, value }) => [tree, value]);
}

/** What is said of a file. */
function complaint(text: string): string {
  try {
    parseScenarios(text, 'my.scenarios');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a scenario file', () => {
  it('should give name, theme, source, what it shows, workload, expectations and relations', () => {
    const text = [
      '# a comment',
      'theme: logs',
      '',
      'scenario: a record',
      'source: the manual, 3',
      'shows: nothing is lost',
      '  boot adr clwb pmem0=4M',
      '  dax write pmem0:/f @0 iov 8 => 8   # the header',
      '    does: n0:8 S',
      '  fsync pmem0:/f',
      'lost: none',
      'images before -> after: weaker',
    ].join('\n');
    expect(parseScenarios(text, 'my.scenarios')).toEqual([
      {
        name: 'a record',
        theme: 'logs',
        source: 'the manual, 3',
        shows: 'nothing is lost',
        workload: 'boot adr clwb pmem0=4M\ndax write pmem0:/f @0 iov 8\nfsync pmem0:/f',
        expected: [
          { about: 'result', operation: 0, value: '8' },
          { about: 'does', operation: 0, value: 'n0:8 S' },
          { about: 'lost', value: 'none' },
        ],
        relations: [{ before: 'before', after: 'after', acked: 'weaker', synced: 'weaker' }],
      },
    ]);
  });

  it('should do with a name, an operation and an expectation', () => {
    const [scenario] = parseScenarios('scenario: s\nflush pmem0 => 0', 'folder/my.scenarios');
    expect(scenario).toMatchObject({ theme: 'my', source: '', shows: '', workload: 'flush pmem0' });
  });

  it('should hold a theme until the next one, wherever in the headers it stands', () => {
    const text =
      'theme: a\nscenario: 1\nflush pmem0 => 0\nscenario: 2\nflush pmem0 => 0\nscenario: 3\ntheme: b\nflush pmem0 => 0\nscenario: 4\nflush pmem0 => 0';
    expect(parseScenarios(text, 'x').map(({ theme }) => theme)).toEqual(['a', 'a', 'b', 'b']);
  });

  it('should give results, instructions and data to the operation they belong to, power failures counted', () => {
    const body = [
      'dax write pmem0:/f @0 iov 8',
      'crash',
      'dax read pmem0:/f @0 iov 8 => 8',
      'reads: 8 zero',
      'fsync pmem0:/f',
      '=> 0',
      'does: S S',
    ].join('\n');
    expect(expected(body)).toEqual([
      { about: 'result', operation: 2, value: '8' },
      { about: 'reads', operation: 2, value: '8 zero' },
      { about: 'result', operation: 3, value: '0' },
      { about: 'does', operation: 3, value: 'S S' },
    ]);
  });

  it('should take results of single trees, several in a line, quotes and commas in them', () => {
    expect(resultsOf('before: -ENODEV, after: 512')).toEqual([
      ['before', '-ENODEV'],
      ['after', '512'],
    ]);
    expect(resultsOf('before, step-1: -EIO, as-posted@3: "a, b: c\\n"')).toEqual([
      ['before', '-EIO'],
      ['step-1', '-EIO'],
      ['as-posted@3', '"a, b: c\\n"'],
    ]);
    expect(resultsOf('before: 5, after: oops: NULL of x, y: z')).toEqual([
      ['before', '5'],
      ['after', 'oops: NULL of x, y: z'],
    ]);
    expect(resultsOf('oops: BUG: at, here: x')).toEqual([[undefined, 'oops: BUG: at, here: x']]);
    expect(resultsOf('-EBUSY "said: no, thanks\\n"')).toEqual([[undefined, '-EBUSY "said: no, thanks\\n"']]);
  });

  it('should take numbers and errors in either notation', () => {
    // EIO is 5, and 4K 4096 (include/uapi/asm-generic/errno-base.h; docs/WORKLOADS.md).
    const written = ['-5', '-EIO', '4K', '0x10', '0'];
    expect(written.map((text) => resultsOf(text)[0]?.[1])).toEqual(['-EIO', '-EIO', '4096', '16', '0']);
  });

  it('should leave quotes, comments and arrows in texts alone', () => {
    const [scenario] = parseScenarios(
      'scenario: s # no comment here\nsysfs write pmem0/ro "1 => 2; # / 3" => 1 # comment => 7\nlog: a => b # c',
      'x',
    );
    expect(scenario?.name).toBe('s # no comment here');
    expect(scenario?.workload).toBe('sysfs write pmem0/ro "1 => 2; # / 3"');
    expect(scenario?.expected).toEqual([
      { about: 'result', operation: 0, value: '1' },
      { about: 'log', value: 'a => b # c' },
    ]);
  });

  it('should join several lines of instructions and of the log, and take nothing for none', () => {
    const lines = ['flush pmem0', 'does: S', 'does: S', 'does after: nothing', 'log: a', 'log: b'];
    expect(expected(lines.join('\n'))).toEqual([
      { about: 'does', operation: 0, value: 'S S' },
      { about: 'does', operation: 0, tree: 'after', value: '' },
      { about: 'log', value: 'a\nb' },
    ]);
  });

  it('should take relations of several pairs, both or one at a time', () => {
    const lines = [
      'scenario: s',
      'flush pmem0',
      'images before -> after: equal',
      'images before -> step-3: acknowledged weaker, synced equal',
      'images step-3->after: synced stronger',
    ];
    expect(parseScenarios(lines.join('\n'), 'x')[0]?.relations).toEqual([
      { before: 'before', after: 'after', acked: 'equal', synced: 'equal' },
      { before: 'before', after: 'step-3', acked: 'weaker', synced: 'equal' },
      { before: 'step-3', after: 'after', synced: 'stronger' },
    ]);
  });

  it('should read files with carriage returns and a byte order mark', () => {
    const text = 'scenario: s\nflush pmem0 => 0\n# c\nlost: none\n';
    expect(parseScenarios(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'x')).toEqual(parseScenarios(text, 'x'));
  });
});

describe('a wrong scenario file', () => {
  it('should be refused with file, line, word and what is allowed: an unknown header', () => {
    expect(complaint('scenario: s\nsouce: here\nflush pmem0 => 0')).toMatchInlineSnapshot(`
      "my.scenarios:2: unknown header 'souce:'
        souce: here
        ^^^^^^
        allowed: theme: scenario: source: shows: does: reads: lost: cost: log: images:"
    `);
  });

  it('should be refused so for an operation that is none, at its line in the file', () => {
    expect(complaint('# c\n\nscenario: s\n  flush pmem0 => 0\n  dax wrote pmem0:/f @0 iov 6 => 6'))
      .toMatchInlineSnapshot(`
      "my.scenarios:5: unknown operation 'dax wrote'
        dax wrote pmem0:/f @0 iov 6
            ^^^^^
        allowed: dax write, dax read"
    `);
  });

  it('should be refused so for an operation that can not be, at its line in the file', () => {
    expect(complaint('scenario: s\nboot adr pmem0=2M\n# c\ndax write pmem0:/f @3M iov 6 => 6'))
      .toMatchInlineSnapshot(`
      "my.scenarios:4: the range ends at 3145734, beyond pmem0
        dax write pmem0:/f @3M iov 6
                           ^^^
        allowed: ranges inside its 2M (2097152 bytes)"
    `);
  });

  it('should be refused so for a result that is none', () => {
    expect(complaint('scenario: s\nflush pmem0 => before: 0, after: EIO')).toMatchInlineSnapshot(`
      "my.scenarios:2: 'EIO' is no result
        flush pmem0 => before: 0, after: EIO
                                         ^^^
        allowed: a number such as 4096 or 4K, an error such as -EIO or -5, a text in quotes as an attribute gives it, oops: TEXT; for single trees: before: RESULT, after: RESULT"
    `);
  });

  it('should be refused so for an expectation without an operation', () => {
    expect(complaint('scenario: s\n  => 0\nflush pmem0')).toMatchInlineSnapshot(`
      "my.scenarios:2: '=>' without an operation
        => 0
        ^^
        allowed: below the operation that it is about; not boot, not crash"
    `);
    expect(complaint('scenario: s\nboot adr => 0\nflush pmem0')).toContain(
      "my.scenarios:2: '=>' without an operation",
    );
    expect(complaint('scenario: s\nflush pmem0\ncrash\ndoes: S')).toContain(
      "my.scenarios:4: 'does' without an operation",
    );
    expect(complaint('scenario: s\nflush pmem0\nlost: none\nreads: 1 zero')).toContain(
      "my.scenarios:4: 'reads' without",
    );
  });

  it('should be refused so for a name that another scenario has', () => {
    expect(complaint('scenario: s\nflush pmem0 => 0\nscenario: s\nflush pmem0 => 0')).toMatchInlineSnapshot(`
      "my.scenarios:3: a second scenario 's'; the first is in line 1
        scenario: s
                  ^
        allowed: a name of its own"
    `);
  });

  it('should be refused so for a scenario that expects nothing or does nothing', () => {
    expect(complaint('scenario: a s\nsource: x\nflush pmem0\n')).toMatchInlineSnapshot(`
      "my.scenarios:1: 'a s' expects nothing
        scenario: a s
                  ^
        allowed: at least one of => RESULT, does:, reads:, lost:, cost:, log:, images:"
    `);
    expect(complaint('scenario: s\nlost: none')).toContain("my.scenarios:1: 's' has no operation");
    expect(complaint('scenario: s\nboot adr\nlost: none')).toContain("my.scenarios:1: 's' has no operation");
  });

  it('should be refused when there is nothing in it', () => {
    for (const text of ['', '\n\n', '# only a comment', '\uFEFF', 'theme: t'])
      expect(complaint(text)).toBe(
        'my.scenarios: no scenario in it\n  allowed: scenario: NAME, its operations, what must come of them',
      );
  });

  const others: readonly (readonly [text: string, says: string])[] = [
    ['flush pmem0 => 0', "my.scenarios:1: 'flush' outside a scenario"],
    ['scenario:', "my.scenarios:1: 'scenario:' without a text"],
    ['scenario s', "my.scenarios:1: 'scenario' without a colon"],
    ['scenario: s\nflush pmem0\nlost none', "my.scenarios:3: 'lost' without a colon"],
    ['scenario: s\nflush pmem0\nsource: x', "my.scenarios:3: 'source:' behind operations"],
    ['scenario: s\nshows: x\nshows: y', "my.scenarios:3: a second 'shows:'"],
    ['scenario: s\nflush pmem0 => 0\n=> 0', "my.scenarios:3: a second '=>'"],
    ['scenario: s\nflush pmem0 => before: 0, before: 0', "my.scenarios:2: a second '=>' of before"],
    ['scenario: s\nflush pmem0\nlost: none\nlost: none', "my.scenarios:4: a second 'lost:'"],
    ['scenario: s\nflush pmem0\nlog: nothing\nlog: a', "my.scenarios:4: a second 'log:'"],
    ['scenario: s\nflush pmem0\nlost: none\nflush pmem0', "my.scenarios:4: an operation behind 'lost:'"],
    ['scenario: s\nflush pmem0 / flush pmem0', 'my.scenarios:2: several operations in one line'],
    ['scenario: s\nflush pmem0; flush pmem0', 'my.scenarios:2: several operations in one line'],
    ['scenario: s\nflush pmem0 =>', "my.scenarios:2: '' is no result"],
    ['scenario: s\nflush pmem0 => maybe', "my.scenarios:2: 'maybe' is no result"],
    ['scenario: s\nflush pmem0 => -EOOPS', "my.scenarios:2: '-EOOPS' is no result"],
    ['scenario: s\nflush pmem0 => "open', "my.scenarios:2: '\"open' is no result"],
    ['scenario: s\nflush pmem0 => 0, after: 0', "my.scenarios:2: '0, after: 0' is no result"],
    ['scenario: s\nflush pmem0\ndoes: S w0', "my.scenarios:3: 'S w0' after 'does:'"],
    ['scenario: s\nflush pmem0\ndoes:', 'my.scenarios:3: no value'],
    ['scenario: s\nflush pmem0\nlost: pmem0:0x40', "my.scenarios:3: 'pmem0:0x40' after 'lost:'"],
    [
      'scenario: s\nflush pmem0\nlost before after: none',
      "my.scenarios:3: 'before after' are no names of trees",
    ],
    ['scenario: s\nflush pmem0\ncost: 1/2', "my.scenarios:3: '1/2' after 'cost:'"],
    ['scenario: s\nflush pmem0\nimages: equal', "my.scenarios:3: '' are not two trees"],
    ['scenario: s\nflush pmem0\nimages a -> b: same', "my.scenarios:3: 'same' says no relations"],
    ['scenario: s\nflush pmem0\nimages a -> b: equal, synced equal', 'says no relations'],
    ['scenario: s\nflush pmem0\nimages a -> b: equal\nimages a -> b: equal', 'a second relation of a -> b'],
    ['scenario: s\nsysfs write pmem0/ro "1 => 0', 'my.scenarios:2: a quote that is not closed'],
    ['scenario: s\nflush pmem0 => 0\nboot adr', 'my.scenarios:3: a second boot line'],
  ];
  for (const [text, says] of others) {
    it(`should be refused: ${JSON.stringify(text)}`, () => {
      expect(complaint(text)).toContain(says);
      expect(complaint(text)).toContain('allowed: ');
    });
  }
});

describe('a character that cannot be seen', () => {
  it('should be refused in names, sources, operations and values, and shown as an escape', () => {
    const lines = [
      'scenario: a\u001b[2Jb',
      'shows: \u202eright to left',
      'flush pmem0\u0007',
      'log: \u009b31m',
    ];
    for (const line of lines) {
      const text = line.startsWith('scenario') ? line : `scenario: one\n${line}`;
      expect(complaint(text)).toMatch(/^my\.scenarios:\d: the character \\[xu]/);
      expect(complaint(text)).not.toContain(/[^ -~]/u.exec(line)?.[0]);
    }
    expect(complaint('# \u001b[2J\nscenario: one\nflush pmem0 => 0')).toBe('none');
  });
});
