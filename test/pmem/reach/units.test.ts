/** What can be changed in lines of small files, and that files which ask do the same as long as nothing is changed. */
import { transformSync } from 'esbuild';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { UNIT, type Units, withUnits } from '#pmem/reach/units.ts';

const TOY = `export const table = { first: 1, second: 2 };
export function toy(a: number, list: number[]): string {
  let text = '';
  if (a > 1 && a < 9) text += 'x';
  else text += 'y';
  for (const each of list) {
    if (each === 0) continue;
    text += each;
  }
  // A comment.
  const pick = (n: number): string => \`<\${n}>\`;
  return join(
    text,
    pick(a),
  );
}
function join(...parts: string[]): string {
  return parts.join('');
}
`;

const unitsOf = (text: string, lines: readonly number[]): Units =>
  withUnits(new Map([['toy.ts', text]]), new Map([['toy.ts', lines]]));

/** Kind, code and line of what can be changed in lines of the toy. */
const told = (lines: readonly number[]): string[] =>
  unitsOf(TOY, lines).units.map(({ kind, code, lines: own }) => `${kind} ${code} ${own.join(',')}`);

/** The toy with unit `number` giving `value`. */
function changed(units: Units, number: number, value: unknown): (a: number, list: number[]) => string {
  const { code } = transformSync(units.files.get('toy.ts')!, { loader: 'ts', format: 'cjs' });
  const module = { exports: {} as { toy: (a: number, list: number[]) => string } };
  const run = runInThisContext(`(function (module, ${UNIT}) {${code}\n})`) as (...given: unknown[]) => void;
  run(module, (at: number, own: () => unknown) => (at === number ? value : own()));
  return module.exports.toy;
}

describe('what can be changed in a line', () => {
  it('should be its statements, its conditions one by one, and its values', () => {
    expect(told([3])).toEqual(["value '' 3"]);
    expect(told([4])).toEqual(['branch a > 1 4', 'branch a < 9 4', "statement text += 'x'; 4"]);
    expect(told([6, 7])).toEqual(['list list 6', 'branch each === 0 7', 'statement continue; 7']);
    expect(told([12])).toEqual(['value join( text, pick(a), ) 12']);
  });

  it('should be an argument that stands in a line of its own, not the whole call', () => {
    expect(told([14])).toEqual(['value pick(a) 14']);
  });

  it('should be nothing in comments, braces and headers of functions', () => {
    expect(told([2, 9, 10, 15, 16, 17, 19])).toEqual([]);
  });

  it('should not be a value that is nothing already', () => {
    const { units } = unitsOf('export function none(a: number) {\n  if (a > 1) return undefined;\n}\n', [2]);
    expect(units.map(({ code }) => code)).toEqual(['a > 1']);
  });

  it('should be known to run while the tree is loaded', () => {
    const { units } = unitsOf(TOY, [1, 3]);
    expect(units.map(({ code, isAtLoad }) => [code, isAtLoad])).toEqual([
      ['{ first: 1, second: 2 }', true],
      ['1', true],
      ['2', true],
      ["''", false],
    ]);
  });

  it('should be said of lines that wait, in which nothing can be put into a function', () => {
    const text =
      'export async function wait(a: Promise<number>) {\n  const b = await a;\n  return b + 1;\n}\n';
    const { units, untried } = unitsOf(text, [1, 2, 3]);
    expect([...untried]).toEqual([['toy.ts', [2]]]);
    expect(units.map(({ code }) => code)).toEqual(['b + 1']);
  });
});

/** What the toy does. */
const plain = (a: number, list: readonly number[]): string =>
  `${a > 1 && a < 9 ? 'x' : 'y'}${list.filter((each) => each !== 0).join('')}<${a}>`;

describe('a file that asks', () => {
  const all = unitsOf(
    TOY,
    TOY.split('\n').map((_, index) => index + 1),
  );
  it('should do what it did as long as nothing is changed', () => {
    for (const a of [0, 5, 10]) expect(changed(all, -1, undefined)(a, [1, 0, 2])).toBe(plain(a, [1, 0, 2]));
  });

  it.each([
    ["statement text += 'x';", false, '12<5>'],
    ['branch a > 1', false, 'y12<5>'],
    ['list list', [], 'x<5>'],
    ['statement continue;', false, 'x102<5>'],
    ['value pick(a)', undefined, 'x12'],
    ['value `<${n}>`', '', 'x12'],
  ])('should do without %s when it is changed to %j', (name, value, expected) => {
    const number = all.units.findIndex(({ kind, code }) => `${kind} ${code}` === name);
    expect(changed(all, number, value)(5, [1, 0, 2])).toBe(expected);
  });
});
