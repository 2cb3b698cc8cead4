// Baselines as a ratchet: entries follow moved files and renamed declarations, one mended and one made never cancel out,
// and nothing is added unless it is named.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { array, assert as assertHolds, constantFrom, property, record, uniqueArray } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyBaseline, entriesFor } from '#checks/baseline.ts';
import type { Finding } from '#checks/finding.ts';
import type { LintResult } from '#checks/result.ts';

let base = '';

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'baseline-'));
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

interface Spot {
  readonly file?: string;
  readonly enclosing?: string;
  readonly statement?: string;
  readonly line?: number;
}

function finding({ file = 'a.ts', enclosing = 'f', statement = 's', line = 1 }: Spot = {}): Finding {
  const place = { file, line, column: 1, endLine: line, endColumn: 2, source: '', enclosing, statement };
  const words = { symbol: 'x', message: 'm', via: [], because: 'b', instead: 'i' };
  return {
    ruleId: 'R',
    severity: 'error',
    certainty: 'violation',
    step: undefined,
    place,
    occurrence: 0,
    ...words,
  };
}

function result(...findings: readonly Finding[]): LintResult {
  const files = [...new Set(findings.map(({ place }) => place.file))];
  const inputs = files.map((file) => path.join(base, file));
  const project = {
    base,
    step: undefined,
    files: 1,
    findings,
    runs: [],
    uncovered: [],
    named: files,
    notes: [],
    exceptions: [],
    inputs,
  };
  const rule = { id: 'R', title: 't', because: 'b', instead: 'i' };
  return { rules: [rule], findings, files: 1, projects: [project] };
}

function after(before: readonly Finding[], now: readonly Finding[]) {
  const {
    result: left,
    moved,
    kept,
  } = applyBaseline(result(...now), entriesFor(result(...before)), 'b.json');
  return { left: left.findings.map(({ certainty }) => certainty), moved, kept };
}

describe('a baseline', () => {
  it('should accept what it lists wherever its lines are', () => {
    expect(after([finding()], [finding({ line: 90 })])).toMatchObject({ left: [], moved: 0 });
  });

  it('should follow a file that is moved, and remember its new name', () => {
    const { left, moved, kept } = after([finding()], [finding({ file: 'new/a.ts' })]);
    expect({ left, moved, files: kept.map(({ file }) => file) }).toEqual({
      left: [],
      moved: 1,
      files: ['new/a.ts'],
    });
  });

  it('should follow a declaration that is renamed, and not one that is still there', () => {
    writeFileSync(path.join(base, 'a.ts'), 'function f() {} function g() {}');
    expect(after([finding()], [finding({ enclosing: 'g' })]).left.sort()).toEqual([
      'stale-baseline',
      'violation',
    ]);
    writeFileSync(path.join(base, 'a.ts'), 'function g() {}');
    const { left, moved, kept } = after([finding()], [finding({ enclosing: 'g' })]);
    expect({ left, moved, names: kept.map(({ enclosing }) => enclosing) }).toEqual({
      left: [],
      moved: 1,
      names: ['g'],
    });
  });

  it('should follow nothing where two could be meant', () => {
    writeFileSync(path.join(base, 'a.ts'), 'function g() {} function h() {}');
    const { left } = after([finding()], [finding({ enclosing: 'g' }), finding({ enclosing: 'h' })]);
    expect(left.sort()).toEqual(['stale-baseline', 'violation', 'violation']);
  });

  it('should tell both when one is mended and another made, in the same declaration', () => {
    const { left } = after([finding()], [finding({ statement: 'other' })]);
    expect(left.sort()).toEqual(['stale-baseline', 'violation']);
  });

  it('should count equal findings one by one', () => {
    expect(after([finding()], [finding(), finding({ line: 2 })]).left).toEqual(['violation']);
    expect(after([finding(), finding({ line: 2 })], [finding()]).left).toEqual(['stale-baseline']);
  });

  const spot = record({
    file: constantFrom('a.ts', 'b.ts', 'c.ts'),
    enclosing: constantFrom('f', 'g'),
    statement: constantFrom('s', 't'),
  });

  it('should never grow, nor accept more than it lists, whatever is found', () => {
    assertHolds(
      property(array(spot, { maxLength: 6 }), array(spot, { maxLength: 6 }), (before, now) => {
        const entries = entriesFor(result(...before.map(finding)));
        const found = now.map((one, line) => finding({ ...one, line }));
        const { accepted, kept, result: left } = applyBaseline(result(...found), entries, 'b.json');
        const open = left.findings.filter(({ certainty }) => certainty === 'violation');
        const stale = left.findings.filter(({ certainty }) => certainty === 'stale-baseline');
        expect(kept.length).toBeLessThanOrEqual(entries.length);
        expect(accepted + open.length).toBe(found.length);
        expect(accepted + stale.length).toBe(entries.length);
      }),
    );
  });

  it('should follow all that is moved where git tells from where to where, equal findings or not', () => {
    const files = constantFrom('a.ts', 'b.ts', 'c.ts');
    assertHolds(
      property(array(spot, { minLength: 1, maxLength: 6 }), uniqueArray(files), (before, movedFiles) => {
        const renames = new Map(movedFiles.map((file) => [file, `new/${file}`]));
        const now = before.map((one, line) => ({ ...one, file: renames.get(one.file) ?? one.file, line }));
        const entries = entriesFor(result(...before.map(finding)));
        const applied = applyBaseline(result(...now.map(finding)), entries, 'b.json', renames);
        expect(applied.result.findings).toEqual([]);
        expect(applied.kept.map(({ file }) => file).sort()).toEqual(now.map(({ file }) => file).sort());
      }),
    );
  });
});
