/** Modules that a file names by imports and re-exports, read without a tree. */
import { describe, expect, it } from 'vitest';
import type { SourceUnit } from '#checks/oracle/compiler.ts';
import { scannedNamings } from '#checks/oracle/scan.ts';

/** Kinds and texts of what is named, or nothing where the tree must be looked at. */
function named(text: string, path = '/a.ts'): readonly string[] | undefined {
  const unit: SourceUnit = {
    path,
    text,
    isDeclarationFile: false,
    get root(): never {
      throw new Error('the tree was made');
    },
  };
  return scannedNamings(unit, () => false)?.map((naming) => `${naming.kind} ${naming.text}`);
}

describe('the modules a file names at its top level', () => {
  it('should be found wherever they stand', () => {
    const text = `import './one';\nimport a, { type B } from "two";
export const f = () => { return 'x'; };
export * as n from './three'
export { a as b } from\n  './four';
class C { m() { return "not from 'here'"; } }
`;
    expect(named(text)).toEqual(['import ./one', 'import two', 'export ./three', 'export ./four']);
  });

  it('should be none where a text only looks like one', () => {
    expect(named('export const a = `import "b"; export * from "c"`;\n')).toEqual([]);
    expect(named('const s = "it is from \'there\'";\n/* from "d" */ export const t = s;\n')).toEqual([]);
    expect(named("// import 'e'\nexport const t = 1;\n")).toEqual([]);
    expect(named("const r = /from 'f'/;\nexport const u = (from: string) => from;\n")).toEqual([]);
    expect(named("export const u = <p>taken from 'g'</p>;\n", '/a.tsx')).toEqual([]);
  });

  it('should be found before and after such a text', () => {
    const looks = 'function f() { return `${a} from "b" import "c"`; }';
    expect(named(`import a from 'a';\n${looks}\n`)).toEqual(['import a']);
    expect(named(`${looks}\nexport * from 'z';\n`)).toEqual(['export z']);
    expect(named(`import a from 'a';\n${looks}\nexport * from 'z';\n// from 'nowhere'\n`)).toEqual([
      'import a',
      'export z',
    ]);
  });

  it('should be found with comments, escapes and attributes in them', () => {
    expect(named("import a from /* why */ 'a';\nexport * from // side\n  'b';\n")).toEqual([
      'import a',
      'export b',
    ]);
    expect(named("import a from './it\\'s';\nexport const b = a;\n")).toEqual(["import ./it's"]);
    expect(named("import d from './d.json' with { type: 'json' };\nfunction g() {}\n")).toEqual([
      'import ./d.json',
    ]);
  });

  it('should be left to the tree where the parser does not take what it needs to read', () => {
    expect(named("import a from 'a'\nconst = ;\nexport * from 'b';\n")).toBeUndefined();
    // What is wrong behind the last of them is no matter of imports.
    expect(named("import a from 'a';\nconst = ;\n")).toEqual(['import a']);
  });
});
