import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { InputError } from '#base/input-error.ts';
import { readYaml } from '#base/yaml-file.ts';

const check = (text: string): unknown => readYaml(text, 'a.yaml').check(v.array(v.any()));

describe('a file in YAML', () => {
  it('should be refused where an alias stands for nothing, or for too much', () => {
    expect(() => check('- *a\n')).toThrow(InputError);
    expect(() => check('- *a\n')).toThrow(/^a\.yaml: .*alias.*: a$/);
    const doubled = Array.from({ length: 12 }, (_, index) =>
      index === 0 ? '- &a0 [x, x]' : `- &a${index} [*a${index - 1}, *a${index - 1}]`,
    );
    expect(() => check(doubled.join('\n'))).toThrow(InputError);
  });

  it('should be taken where it stands for something', () => {
    expect(check('- &a [1]\n- *a\n')).toEqual([[1], [1]]);
  });

  it('should be refused where it goes so deep that its parser has no room left', () => {
    for (const deep of [
      '['.repeat(60_000),
      '- '.repeat(60_000),
      '{a: '.repeat(3000),
      `[x, ${'a: '.repeat(3000)}`,
      `a:\n${' '.repeat(5000)}b: 1`,
    ])
      expect(() => readYaml(deep, 'a.yaml')).toThrow(/^a\.yaml: too deep/);
    expect(check(`${'['.repeat(50)}1${']'.repeat(50)}`)).toBeInstanceOf(Array);
  });
});
