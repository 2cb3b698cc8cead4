import { describe, expect, it } from 'vitest';
import { type Language, parseContract } from '#engine/contract.ts';

const language: Language = {
  dimensions: [
    { name: 'result', meaning: '', isResult: true },
    { name: 'acked', meaning: '', isResult: false },
  ],
  vocabulary: { operation: ['fsync', 'bio write'], place: 'text' },
};

const HEAD = 'step: 3\nclass: convert\nsummary: Leads the copies to the driver.\n';
const DIFFERENCES = `${HEAD}differences:
  - id: D3-edges
    shows: [acked stronger, result]
    when: { operation: fsync }
    because: every segment is written back by itself
`;
const parse = (text: string): ReturnType<typeof parseContract> => parseContract(text, 'x.yaml', language);
const wrong = (from: string, to: string): (() => unknown) => {
  if (!DIFFERENCES.includes(from)) throw new Error(`no '${from}'`);
  return () => parse(DIFFERENCES.replace(from, to));
};

describe('a contract', () => {
  it('should say in YAML what may differ, one declaration for several dimensions', () => {
    expect(parse(DIFFERENCES).differences).toEqual([
      {
        id: 'D3-edges',
        shows: [
          { dimension: 'acked', relation: 'stronger' },
          { dimension: 'result', relation: 'other' },
        ],
        when: { operation: ['fsync'] },
        because: 'every segment is written back by itself',
      },
    ]);
  });

  it('should be pure when it declares nothing', () => {
    expect(parse(HEAD)).toMatchObject({ differences: [], callers: [], rules: [], api: { added: [] } });
  });

  it('should read JSON, which is YAML', () => {
    expect(parse(JSON.stringify({ step: 3, class: 'add', summary: '' })).class).toBe('add');
  });

  it('should take any value for a word of the vocabulary that is free text', () => {
    expect(wrong('operation: fsync', 'place: anywhere')).not.toThrow();
  });
});

describe('a contract that is wrong', () => {
  it('should be refused with file, line, word and what is allowed', () => {
    expect(wrong('fsync', 'fsinc')).toThrow(
      "x.yaml:7: differences.0.when.operation: 'fsinc' is no value of 'operation'\n  allowed: fsync, bio write",
    );
    expect(wrong('operation:', 'operations:')).toThrow(
      "x.yaml:7: differences.0.when.operations: 'operations' is no word of a condition\n  allowed: operation, place",
    );
    expect(wrong('[acked stronger, result]', 'inflight weaker')).toThrow(
      "x.yaml:6: differences.0.shows: 'inflight' is no dimension\n  allowed: result, acked",
    );
    expect(wrong('acked stronger', 'acked better')).toThrow(
      "x.yaml:6: differences.0.shows: 'acked better' is no dimension with a relation\n  allowed: acked stronger|weaker|incomparable|other",
    );
    expect(wrong('class: convert', 'class: tidy')).toThrow(/^x\.yaml:2: class: .*"add"/);
    expect(wrong('step: 3', 'steps: 3')).toThrow('x.yaml:1: ');
    expect(wrong('D3-edges', 'D3_edges')).toThrow(
      'x.yaml:5: differences.0.id: an id is D, the step, and words',
    );
    expect(wrong('D3-edges', 'D4-edges')).toThrow(
      "x.yaml:5: differences.0.id: 'D4-edges' in step 3\n  allowed: D3-…",
    );
    expect(wrong('operation: fsync', 'operation: []')).toThrow(
      'x.yaml:7: differences.0.when.operation: no value for',
    );
    expect(() => parse('step: [')).toThrow(/^x\.yaml:\d+: not YAML: /);
    expect(() => parse('')).toThrow('x.yaml:1: the whole file');
  });

  it('should not name two differences alike', () => {
    const [, one = ''] = DIFFERENCES.split('differences:\n');
    expect(() => parse(DIFFERENCES + one)).toThrow("x.yaml:9: differences.1.id: 'D3-edges' a second time");
  });
});
