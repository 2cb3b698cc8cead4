/** The litmus notation: what is read, what is refused with which words, and that no text can crash or hang the tool. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';
import { Random } from './support/random-programs.ts';

const folder = new URL('../../../litmus/', import.meta.url);

function messageOf(text: string): string {
  try {
    parseLitmusFile(text, 'file.litmus');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'accepted';
}

/** The message for a test with this program and a crash question about x. */
function programMessage(program: string): string {
  return messageOf(`test: T\nprogram: ${program}\ncrash: x=1`);
}

function parsedProgram(program: string): unknown {
  return parseLitmusFile(`test: T\nprogram: ${program}`, 'file.litmus')[0]?.program;
}

function statedBy(text: string): unknown {
  return parseLitmusFile(`test: T\nprogram: x=1\ncrash: x=1\nexpect: ${text}`, 'f')[0]?.expectations.map(
    ({ machine, verdict, images }) => [machine.domain, verdict, images],
  );
}

describe('litmus files', () => {
  it('should name tests so that a terminal can show them', () => {
    const [test] = parseLitmusFile('test: T\u0007\u202ename\nprogram: x=1\ncrash: x=1', 'f');
    expect(test?.name).toBe(String.raw`T\x07\u{202e}name`);
  });

  it('should read every part of a test', () => {
    const text = [
      '# a comment',
      'test: T a title',
      'program: x=1; FO x; SF   # and another',
      '  ‖ a:=x; if(a=1){y=a} [x/y share a line]',
      'crash: y=1 & not (x=1 or x=2)',
      'expect: ADR F (3), eADR+AMD F, no-ADR (4)',
      'source: own',
      'note: nothing',
    ].join('\n');
    const [test] = parseLitmusFile(text, 'file.litmus');
    expect(test?.name).toBe('T');
    expect(test?.programText).toBe('x=1; FO x; SF ‖ a:=x; if(a=1){y=a} [x/y share a line]');
    expect(test?.program.words.map(({ name, line }) => [name, line])).toEqual([['x', 0], ['y', 0]]); // prettier-ignore
    expect(test?.question?.text).toBe('y=1 & not (x=1 or x=2)');
    expect(
      test?.expectations.map(({ machine, verdict, images }) => [machine.domain, verdict, images]),
    ).toEqual([
      ['ADR', 'F', 3],
      ['eADR', 'F', undefined],
      ['no-ADR', undefined, 4],
    ]);
  });

  it.each([
    ['x=1 || y=1', 'x=1 ‖ y=1'],
    ['P0: x=1 ‖ P1: y=1;', 'x=1 ‖ y=1'],
    ['MOVNTI x=1; CLWB x; SFENCE', 'NT x=1; FO x; SF'],
    ['a:=CAS(x,0->1)', 'a:=CAS(x,0,1)'],
    ['a:=x; if(a=1){y=1}; z=1', 'a:=x; if (a==1) { y=1; } z=1'],
  ])('should mean the same by %s and %s', (left, right) => {
    expect(parsedProgram(left)).toEqual(parsedProgram(right));
  });

  it.each([
    ['x=1; ', 'accepted'],
    ['', 'file.litmus:2:9: expected an instruction: word=number, NT word=number, register:=word, register:=XADD(word), register:=CAS(word,old->new), FL word, FO word, SF, MF, HINT, CLEAR word or if(register=number){...}, found the end of the text'],
    ['x=1 y=1', "file.litmus:2:14: expected ';' and an instruction, '‖' and another CPU, '[' and a remark, or the end, found 'y'"],
    ['x=y', "file.litmus:2:12: expected a number, or a register this CPU has loaded before (it has loaded none), found 'y'"],
    ['a:=x; y=b', "file.litmus:2:18: expected a number, or a register this CPU has loaded before (a), found 'b'"],
    ['x:1', "file.litmus:2:11: expected '=' and a number (or ':=' to load into a register), found ':'"],
    ['FL 1', "file.litmus:2:13: expected a word of memory, found '1'"],
    ['FL SF', "file.litmus:2:13: expected a word of memory (SF is the name of an instruction), found 'SF'"],
    ['a:=x; if(a){y=1}', "file.litmus:2:20: expected '=' or '!=', found ')'"],
    ['a:=x; if(a=1){y=1', "file.litmus:2:27: expected '}', or ';' and an instruction, found the end of the text"],
    ['a:=CAS(x,0)', "file.litmus:2:20: expected '->' and the new number, found ')'"],
    ['a:=x; a=1', "file.litmus:2:16: expected a word of memory, found 'a', but a is a register at 2:10: rename one"],
    ['x=9999999999', "file.litmus:2:12: expected a number from 0 to 2147483647, found '9999999999'"],
    ['x=1 ‖ x=1 ‖ x=1 ‖ x=1 ‖ x=1', 'file.litmus:2:34: a program has at most 4 CPUs'],
    ['x=1 [x/y share a page]', "file.litmus:2:27: expected 'line', found 'page'"],
    ['x=1 [x poisoned] [x volatile]', 'file.litmus:2:15: the remarks about x contradict each other'],
    ['x=1 [x/ack share a line]', 'file.litmus:2:15: x and ack share a line, so both are volatile or neither, and both in one poison unit or neither'],
    ['x=1 $', "file.litmus:2:14: expected ';' and an instruction, '‖' and another CPU, '[' and a remark, or the end, found '$'"],
  ])('should answer program %j with %s', (program, message) => {
    expect(programMessage(program)).toBe(message);
  }); // prettier-ignore

  it.each([
    ['', "file.litmus:1:1: expected 'test:' and a name, found no test in the file"],
    ['program: x=1', "file.litmus:1:1: expected 'test:' and a name first, found 'program:'"],
    ['test: T', "file.litmus:1:7: expected 'program:' in test T, found none"],
    ['test:', "file.litmus:1:6: expected a name after 'test:', found the end of the line"],
    ['test: T\nprogam: x=1', "file.litmus:2:1: expected one of test: program: crash: final: question: expect: source: note:, found 'progam'"],
    ['test: T\nprogram x=1', "file.litmus:2:9: expected ':' after program, found 'x=1'"],
    ['test: T\nprogram: x=1\nprogram: y=1', "file.litmus:3:1: expected one program in a test, found a second ('program:')"],
    ['test: T\nprogram: x=1\ncrash: y=1', "file.litmus:3:8: expected one of x, found 'y'"],
    ['test: T\nprogram: a:=x\ncrash: a=1', 'file.litmus:3:8: a is a register, which no power failure leaves: ask with final:'],
    ['test: T\nprogram: a:=x ‖ a:=x\nfinal: a=1', "file.litmus:3:8: expected 0:a or 1:a, found 'a', a register of several CPUs"],
    ['test: T\nprogram: a:=x\nfinal: 1:a=1', "file.litmus:3:8: expected a CPU from 0 to 0, found '1'"],
    ['test: T\nprogram: x=1\nexpect: ADR A', "file.litmus:3:9: expected 'crash:' or 'final:' before a verdict in test T"],
    ['test: T\nprogram: x=1\ncrash: x=1\nexpect: ADR B', "file.litmus:4:13: expected A or F, or the number of images in parentheses, found 'B'"],
    ['test: T\nprogram: x=1\ncrash: x=1\nexpect: ADR+eADR A', "file.litmus:4:13: expected a machine that is not both ADR and eADR, found 'eADR'"],
    ['test: T\nprogram: x=1\ncrash: x=1\nexpect: ADR A, ADR F', 'file.litmus:4:16: expected each machine once, found ADR again'],
    ['test: T\nprogram: x=1\ntest: T\nprogram: x=1', 'file.litmus:3:7: the name T is taken by line 1'],
  ])('should answer %j with %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  }); // prettier-ignore

  it('should take the number of images of the default machine apart from its verdict', () => {
    expect(statedBy('ADR A, eADR A, images 2')).toEqual([['ADR', 'A', 2], ['eADR', 'A', undefined]]); // prettier-ignore
    expect(statedBy('images 2')).toEqual([['ADR', undefined, 2]]);
  });

  it('should explore the longest program there may be', () => {
    const long = `a:=x; ${'if(a=1){y=1} else {y=2}; '.repeat(7)}`;
    expect(programMessage(long)).toBe('accepted');
    const [test] = parseLitmusFile(`test: T\nprogram: ${long} ‖ x=1\ncrash: y=2`, 'f');
    expect(runTest(test!).answers.map(({ verdict, imageCount }) => [verdict, imageCount])).toEqual([
      ['A', 6],
    ]);
    expect(programMessage(`${long} z=1; z=1`)).toBe('file.litmus:2:197: a CPU has at most 30 instructions');
  });

  it('should say what to raise when a program has too many states', () => {
    const text = 'test: T\nprogram: x=1; y=1; z=1\ncrash: x=1';
    const [test] = parseLitmusFile(text, 'file.litmus');
    const result = runTest(test!, { stateLimit: 5 });
    expect(result.unfinished.map(({ reason }) => reason)).toEqual([
      'more than 5 states: raise the limit (--max-states) or shorten the program',
    ]);
  });
});

describe('malformed litmus files', () => {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.litmus') && name !== 'variants.litmus')
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const blocks = sources.flatMap((text) => text.split('\n\n')).filter((block) => block.includes('program:'));
  const scraps = [
    '‖',
    '||',
    ';',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ':=',
    '=',
    '->',
    '&',
    'or',
    'if(',
    'NT ',
    'FL',
    '9',
    '\n',
    '\t',
    '\u0000',
    '😀',
    ':',
    '#',
    ',',
    '+',
    'ADR',
    'expect:',
    'a',
  ];

  function mutate(random: Random, text: string): string {
    const characters = [...text];
    for (let changes = 1 + random.below(4); changes > 0; changes--) {
      const at = random.below(characters.length + 1);
      const kind = random.below(4);
      if (kind === 0) characters.splice(at, 1 + random.below(8));
      else if (kind === 1) characters.splice(at, 0, random.pick(scraps));
      else if (kind === 2) characters.splice(at, 0, ...characters.slice(at, at + random.below(30)));
      else characters.splice(at, 1, String.fromCodePoint(random.below(0x250)));
    }
    return characters.join('');
  }

  it('should be read or refused with a place, thousands of times', () => {
    const random = new Random(20260101);
    let refused = 0;
    for (let count = 0; count < 6000; count++) {
      const text = mutate(random, random.pick(blocks));
      try {
        for (const test of parseLitmusFile(text, 'f'))
          if (count % 20 === 0) runTest(test, { stateLimit: 3000 });
      } catch (error) {
        expect(error, text).toBeInstanceOf(InputError);
        expect((error as InputError).message, text).toMatch(/^f:\d+:\d+: \S/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(6000);
  });

  it.each([
    ['nested ifs', `a:=x; ${'if(a=1){'.repeat(5000)}`],
    ['parentheses', 'x=1\ncrash: ' + '('.repeat(100_000)],
    ['negations', 'x=1\ncrash: ' + 'not '.repeat(100_000)],
    ['CPUs', 'x=1 ‖ '.repeat(10_000)],
    ['instructions', 'x=1; '.repeat(100_000)],
    ['words', Array.from({ length: 31 }, (_, index) => `x${index}=1`).join('; ')],
    ['remarks', `x=1 ${'[x/y share a line]'.repeat(20_000)}`],
    ['one long name', 'x'.repeat(1_000_000)],
    ['digits', `x=${'1'.repeat(1_000_000)}`],
  ])('should refuse too many %s (npm run bench -- --check says how fast)', (_name, program) => {
    const message = messageOf(`test: T\nprogram: ${program}`);
    if (message !== 'accepted') expect(message).toMatch(/^file\.litmus:\d+:\d+: .{1,400}$/);
  });
});
