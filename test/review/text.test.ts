/** A step as text: what stands where, what is left out when there is nothing to say. */
import { describe, expect, it } from 'vitest';
import { painter } from '#base/paint.ts';
import type { CheckMatrix } from '#review/model.ts';
import { signatureChange } from '#review/signature-change.ts';
import { matrixText, reviewText, stepListText } from '#review/text.ts';
import { sampleReview } from './sample-review.ts';

const plain = painter(false);
const text = reviewText(sampleReview(), plain);

/** Lines below a heading, up to the next empty line. */
function section(title: string, from = text): string[] {
  const lines = from.split('\n');
  const start = lines.indexOf(title) + 1;
  expect(start, title).toBeGreaterThan(0);
  return lines.slice(start, lines.indexOf('', start));
}

describe('a step as text', () => {
  it('should put the contract before the diff, and the diff before the evidence', () => {
    const titles = text.split('\n').filter((line, index, all) => all[index - 1] === '' && /^\S/.test(line));
    expect(titles).toEqual([
      'Contract',
      'Declared differences',
      'Message',
      'Diff',
      'Exports',
      'Callers',
      'Contract and step disagree',
      'Cost over all scenarios',
      'Evidence',
      'Failures',
      'Rules that come into force',
      'Standing defects',
    ]);
    expect(text.split('\n')[0]).toBe('step 3  dax: convert the copies  fails');
  });

  it('should show the contract, and declarations with condition and reason', () => {
    expect(section('Contract')).toEqual([
      '  class         convert',
      '  what for      Leads the copies of fs/dax to the driver.',
      '  upstream      0123456789ab',
      '  differs       The helper has another name.',
    ]);
    expect(section('Declared differences')).toEqual([
      '  D3-edges  acked stronger, when: operation dax write; write cache default or write back',
      '      Every segment is written back by itself.',
      '  D3-stale  log, when: always',
      '      Nobody has ever seen this one.',
    ]);
  });

  it('should mark moved lines of the diff, without colours too', () => {
    expect(section('Diff')).toEqual([
      '~ before the sign: the line is only moved within the patch',
      '  fs/dax.ts',
      '  @@ -1,2 +1,3 @@',
      '   same',
      '  -old',
      '  +new',
      '~ +carried here',
      '  gone.ts (removed)',
      '  @@ -1,1 +0,0 @@',
      '~ -carried here',
    ]);
    expect(reviewText(sampleReview(), plain, { diffOnly: true }).split('\n').slice(0, -1)).toEqual(
      section('Diff'),
    );
  });

  it('should show exports, of types only the members that differ, and callers with places', () => {
    expect(section('Exports')).toEqual([
      '  + a.ts#added  function added(): void',
      '  - a.ts#removed  function removed(): void',
      '  > a.ts#moved -> b.ts#moved',
      '  ~ a.ts#Ops',
      '      + b?(x: { y: number; }): void;',
    ]);
    expect(section('Callers')).toEqual([
      '  user in u.ts',
      '      u.ts:7  a.ts#old -> a.ts#new',
      '      u.ts:8  also calls a.ts#more',
    ]);
  });

  it('should group differences by declaration, and name declarations that nothing showed', () => {
    expect(section('Evidence')).toEqual([
      '  60 scenarios run, 412 places compared with the step before',
      '  against before/: acknowledged stronger, synced equal',
      '  D3-edges  acked stronger: 1 difference in 1 scenario',
      '      for example   T2 segments, operation 1: dax write pmem0:/f @0 iov 1,4095',
      '      was           may lose bytes 0 to 8',
      '      is            loses nothing',
      "      replay        npx pmem-conform replay --trace 'dax write pmem0:/f @0 iov 1,4095 / fsync pmem0:/f'",
      '  D3-stale  log other: nothing showed it',
      '  not declared  log other: 1 difference in 1 scenario',
      '      for example   T2 segments, the whole run',
      '      was           silent',
      '      is            warns',
      '  not exercised punch, truncate',
    ]);
  });

  it('should show costs with their change', () => {
    expect(section('Cost over all scenarios').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      ' movnti 100 -> 100 =',
      ' cached stores 5 -> 4 -1',
      ' write-backs 8 -> 12 +4',
      ' sfence 4 -> 4 =',
      ' mfence 0 -> 0 =',
      ' flush hints 2 -> 2 =',
    ]);
  });

  it('should show all that is needed to see a failure again', () => {
    const lines = section('Failures');
    expect(lines.slice(0, 9)).toEqual([
      '  undeclared difference',
      '      no declaration covers a warning',
      '      workload:',
      '        boot adr clwb pmem0=2M',
      '        fsync pmem0:/f',
      '      witness:',
      '        pmem0+0x0  00 00',
      '                   01 02',
      '      fsync pmem0:/f',
    ]);
    expect(lines[9]).toMatch(/^ {6}before +\| after$/);
    expect(lines[10]).toMatch(/^ {6}W0 S +\| \(nothing\)$/);
    expect(lines.slice(11)).toEqual([
      '      replay:',
      "        npx pmem-conform replay --trace 'fsync pmem0:/f'",
      '  stale declaration',
      '      D3-stale: no workload shows it',
    ]);
  });

  it('should say so where there is nothing to show, and leave out empty lists', () => {
    const { contract, evidence } = sampleReview();
    const calm = reviewText(
      sampleReview({
        verdict: 'holds',
        message: '',
        contract: { ...contract, differences: [], rules: [], upstream: { commits: [], differs: '' } },
        api: { added: [], removed: [], moved: [], changed: [] },
        callers: [],
        apiProblems: [],
        evidence: { ...evidence, differences: [], failures: [], standing: [] },
        unused: [],
      }),
      plain,
    );
    expect(calm).toContain('declares no difference: the step must behave as the one before');
    expect(calm).toContain('no export changes');
    expect(calm).toContain('no function calls anything else');
    expect(calm).toContain('no difference in any dimension');
    expect(calm).toContain('every operation of the language was used');
    expect(calm).not.toMatch(/Failures|Standing|Rules|disagree|Message|undefined/);
  });

  it('should keep to the width of a page and colour nothing unasked', () => {
    const long = sampleReview({ message: 'word '.repeat(200) });
    for (const line of reviewText(long, plain).split('\n')) expect(line.length).toBeLessThanOrEqual(110);
    expect(text).not.toContain('\u001B');
    expect(reviewText(sampleReview(), painter(true))).toContain('\u001B');
  });
});

describe('signature changes', () => {
  it('should show whole signatures of functions, and of types with another head', () => {
    expect(signatureChange('function a(): void', 'function a(b: number): void')).toEqual({
      removed: ['function a(): void'],
      added: ['function a(b: number): void'],
    });
    expect(signatureChange('interface A { }', 'interface A extends B { }')).toEqual({
      removed: ['interface A { }'],
      added: ['interface A extends B { }'],
    });
  });

  it('should show the order of members where nothing else changed', () => {
    expect(signatureChange('interface A { a; b; }', 'interface A { b; a; }').added).toEqual([
      'interface A { b; a; }',
    ]);
  });
});

describe('lists', () => {
  it('should list steps with number, class, verdict and subject', () => {
    const second = sampleReview({ step: 12, subject: 'second', verdict: 'holds' });
    expect(stepListText([sampleReview(), second], plain)).toBe(
      ' 3  convert    fails  dax: convert the copies\n12  convert    holds  second\n',
    );
  });

  it('should show a matrix, notes in place of outcomes', () => {
    const matrix: CheckMatrix = {
      checks: ['applies', 'acked'],
      rows: [
        { step: 1, subject: 'one', cells: [{ outcome: 'ok' }, { outcome: 'declared', note: '12 declared' }] },
        { step: 2, subject: 'two', cells: [{ outcome: 'none' }, { outcome: 'fails' }] },
      ],
    };
    expect(matrixText(matrix, plain)).toBe(
      [
        'step  applies  acked      ',
        '   1  ok       12 declared  one',
        '   2  -        FAILS        two',
        '',
      ].join('\n'),
    );
  });
});
