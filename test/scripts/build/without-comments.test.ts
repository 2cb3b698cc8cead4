import { describe, expect, it } from 'vitest';
import { withoutComments } from '../../../scripts/build/without-comments.ts';

describe('a source without comments', () => {
  it('should have every other character where it was', () => {
    const source = [
      '/**',
      ' * What it is.',
      ' */',
      'const a = 1; // one',
      '',
      '// alone',
      '  const b = /* two */ 2;',
      'f(a, /* of',
      'two lines */ b);',
    ];
    expect(withoutComments(source.join('\n')).split('\n')).toEqual([
      '',
      '',
      '',
      'const a = 1;',
      '',
      '',
      '  const b =           2;',
      'f(a,',
      '             b);',
    ]);
  });

  it('should keep what only looks like a comment', () => {
    const source =
      "const a = 'http://x /* y */';\nconst b = /[/*]/.test(a);\nconst c = `// ${a /* gone */} /* d */`;\n";
    expect(withoutComments(source)).toBe(source.replace('/* gone */', ' '.repeat(10)));
  });

  it('should leave the ends of lines within a text alone', () => {
    const source = 'const a = `one  \n  two`; // three\n// end\n';
    expect(withoutComments(source)).toBe('const a = `one  \n  two`;\n\n');
  });
});
