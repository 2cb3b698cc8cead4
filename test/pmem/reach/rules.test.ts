/** Which rules nothing uses, and the mutants that use those which no tree breaks. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { readYaml } from '#base/yaml-file.ts';
import { coverageOfLitmus } from '#machine/coverage/litmus-coverage.ts';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import { CONVICTED_PATH, convictedMutants } from '#pmem/reach/convictions.ts';
import { type RuleEvidence, unusedRules } from '#pmem/reach/rules.ts';
import { loadTree, rootFolder, scratchFolder } from '../../support/project.ts';

const scratch = scratchFolder();
afterAll(() => rmSync(scratch, { recursive: true }));

const NOTHING: RuleEvidence = { boots: [], workloads: [], convictions: [], litmus: coverageOfLitmus([]) };

const unusedWith = (more: Partial<RuleEvidence>): string[] => unusedRules({ ...NOTHING, ...more });

describe('rules that nothing uses', () => {
  it('should be all of them without any evidence', () => {
    const unused = unusedRules(NOTHING);
    expect(unused.filter((name) => name.startsWith('promise rule '))).toHaveLength(12);
    expect(unused).toEqual(expect.arrayContaining(['machine rule R4', 'machine table W→FO']));
  });

  it('should be fewer by what a tree breaks, a litmus test does, and a conviction on any way shows', async () => {
    const workloads = [parseWorkload('dax write pmem0:/f @0 iov 1,63\nfsync pmem0:/f')];
    const litmus = coverageOfLitmus(
      parseLitmusFile('test: one\nprogram: a:=XADD(x)\ncrash: x=1\nexpect: ADR A\n', 'one'),
    );
    // Each point of the write, with an fsync in it, is a way (docs/WORKLOADS.md); before/ leaves the first segment in the cache (B5).
    const workload = parseWorkload(
      'while dax write pmem0:/f @0 iov 1,63: load pmem0:/f @4K 8\nfsync pmem0:/f',
    );
    const before = await loadTree('before');
    expect(unusedWith({ boots: [before], workloads })).not.toContain('promise rule lost');
    expect(unusedWith({ convictions: [{ boot: before, workload }] })).not.toContain('promise rule lost');
    expect(unusedWith({ litmus })).not.toContain('machine rule R4');
  });
});

describe('the mutants that convict', () => {
  it('should each break the rule that they stand for', async () => {
    const rules = readYaml(readFileSync(CONVICTED_PATH, 'utf8'), CONVICTED_PATH)
      .check(v.array(v.looseObject({ rule: v.string() })))
      .map(({ rule }) => rule);
    const convictions = await convictedMutants(rootFolder, scratch);
    expect(convictions).toHaveLength(rules.length);
    for (const [index, conviction] of convictions.entries())
      expect(unusedWith({ convictions: [conviction] })).not.toContain(`promise rule ${rules[index]}`);
  });

  it('should be there', async () => {
    const path = join(scratch, 'convicted.yaml');
    writeFileSync(path, "- { rule: lost, mutant: 'after/fs/dax.ts#f/drop-1', workload: flush pmem0 }\n");
    await expect(convictedMutants(rootFolder, scratch, path)).rejects.toThrow(
      "no mutant 'after/fs/dax.ts#f/drop-1'",
    );
  });
});
