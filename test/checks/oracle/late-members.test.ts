import { describe, expect, it } from 'vitest';
import type { SourceUnit } from '#checks/oracle/compiler.ts';
import { noteOnLateMembers } from '#checks/oracle/late-members.ts';

const unit = (name: string, text: string): SourceUnit => ({ path: `/p/${name}`, text }) as SourceUnit;
const note = (...units: SourceUnit[]): string | undefined => noteOnLateMembers(units, '/p')[0];

// What tsc 7.0.2 says of each in another file: "has no exported member", "does not exist on type".
const UNSEEN = [
  'class A {}\nmodule.exports = A;\nmodule.exports.old = () => 1;',
  'exports = module.exports = A;\nexports.old = () => 1;',
  'module.exports = { a: 1 };\nmodule.exports.old = () => 1;',
  'function A() {}\nA.prototype.run = function () {};',
  'A.prototype = { run() {} };',
  'Object.assign(A.prototype, { run() {} });',
  'const ns = {};\nns.call = () => 1;',
];
const SEEN = [
  'exports.a = 1;\nmodule.exports.b = 2;',
  'module.exports = { a: 1 };',
  'function fn() {}\nfn.sub = () => 1;',
  'const all = Array.prototype.slice.call(list);',
  'if (module.exports === other) exports.a === 1;',
  'const a = {};\nb.c = 1;',
];

describe('what TypeScript 7 does not see in scripts', () => {
  it.each(UNSEEN)('should be told of %j', (text) => {
    expect(note(unit('lib/a.js', text))).toBe(
      'lib/a.js: what is added to module.exports, a prototype or a constant later on is not seen by typescript-7; --oracle ts-morph sees it',
    );
    expect(note(unit('lib/a.ts', text))).toBeUndefined();
  });

  it.each(SEEN)('should not be told of %j', (text) => {
    expect(note(unit('lib/a.js', text))).toBeUndefined();
  });

  it('should name the first file and count the others', () => {
    const text = 'A.prototype.run = 1;';
    expect(note(unit('fine.js', ''), unit('b.cjs', text), unit('c.jsx', text))).toMatch(
      /^b\.cjs and 1 more: /,
    );
  });
});
