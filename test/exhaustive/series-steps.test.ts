/**
 * The steps of the series are what their contracts say, over all scenarios; variants of real history are found out, with the
 * step that is to blame; and one that differs harmlessly is cleared by its contract alone.
 */
import { describe, expect, it } from 'vitest';
import { judgeSteps, judgeVariants } from '#engine/judge-series.ts';
import { readVariant, variantNames } from '#engine/variant.ts';
import { failuresOf, store } from '../series/failures-of.ts';
import { project } from '../support/project.ts';

const { series, subject } = project;

describe('the fourteen steps', () => {
  it('should hold their contracts over all scenarios, and keep every promise that was kept before', async () => {
    const evidence = await judgeSteps(project, 1, 14, { store });
    expect(
      evidence.flatMap(({ step, failures }) => failures.map(({ message }) => `${step}: ${message}`)),
    ).toEqual([]);
    const pure = evidence.filter(({ differences }) => differences.length === 0).map(({ step }) => step);
    // memory-and-dax.md 16.13: these steps must be observationally equal to their predecessors.
    expect(pure).toEqual([2, 4, 5, 8, 9, 10]);
    // The promises broken before the series and after it are the standing defects of docs/DEFECTS.md: short copies,
    // inner mappings, mappings from before a new device-mapper table, padded pfn devices, page reads past a sector's
    // end, places that tell the kernel of poison too little or too much, and labels of an interleave set.
    const standing =
      /^(B6|B14|B15|15\.1 [Gpry]|a 2 MiB entry that is cut in its middle|a legacy region that was told of poison|a label update of an interleave set is cut|raw bytes of which one sector and a half are cleared)\b/;
    const unexpected = evidence.at(-1)?.standing.filter((name) => !standing.test(name));
    expect(unexpected).toEqual([]);
    expect(evidence[0]?.standing.some((name) => name.startsWith('B5'))).toBe(true);
  });
});

describe('the variants', () => {
  const folder = series.source.variants;
  for (const name of variantNames(folder)) {
    const variant = readVariant(folder, name);
    const where =
      variant.convictedAt === null ? 'not be convicted' : `be convicted at step ${variant.convictedAt}`;
    it(`should ${where}: ${name}`, async () => {
      const [verdict] = await judgeVariants(project, [name], { store });
      expect(verdict).toMatchObject({ convictedAt: variant.convictedAt, asExpected: true });
      // What takes more is told in docs/HISTORY.md (test/docs/history.test.ts).
      if (variant.judgedBy === 'own workload') return;
      for (const { workload } of verdict?.failures.slice(0, 1) ?? []) {
        const operations = (workload ?? '').split('\n').filter((line) => !line.startsWith('boot '));
        expect(operations.length).toBeLessThanOrEqual(4);
      }
    }, 180_000);
  }

  it('should be cleared by its contract alone where a harmless one differs: without it images convict, all stronger', async () => {
    const tree = series.tree('large-copies-cached@14');
    // All but one, whose 130,000 words in caches take as long to compare as all others together.
    const workloads = subject.workloads.filter(({ name }) => name !== 'more zeros than a bio holds');
    expect(workloads.length).toBe(subject.workloads.length - 1);
    const most = { ...subject, workloads };
    const plain = await failuresOf(14, tree, undefined, most, true);
    const seen = plain.flatMap(({ message, also }) => [message, ...Object.keys(also)]);
    expect(plain[0]).toMatchObject({ kind: 'undeclared difference', cause: 'page write' });
    expect(seen.filter((text) => /weaker|incomparable|result|promise/.test(text))).toEqual([]);
    expect(seen.filter((text) => text.includes('acked stronger'))).not.toEqual([]);
    const own = project.contracts()[13];
    const declared = readVariant(folder, 'large-copies-cached').declarations(subject);
    if (own === undefined) throw new Error('there is no step 14');
    const cleared = { ...own, differences: [...own.differences, ...declared] };
    expect(await failuresOf(14, tree, cleared, most)).toEqual([]);
  });
});
