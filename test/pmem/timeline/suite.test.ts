/** Over scenarios of the suite: what timelines say at each return is what the run itself says there, whose record has no further acknowledgements. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { placeOf } from '#pmem/compare/losses.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { timelineOf, timelineTree } from '#pmem/timeline/timeline.ts';
import { SideHistory } from '#review/timeline/history.ts';
import { project, rootFolder, treeFolder } from '../../support/project.ts';
import { isThorough, share } from '../../support/thorough.ts';

const schema = new Ajv().compile(
  JSON.parse(readFileSync(`${rootFolder}/docs/timeline.schema.json`, 'utf8')) as object,
);

/** Every so-many-th scenario but those of the ndctl suite, which store to more lines than are shown. */
const EVERY = 7;
const chosen = share(
  project.subject.workloads
    .filter(({ name }) => !/ndctl|btt/i.test(name))
    .filter((_, index) => index % EVERY === 0),
  4,
);

describe('timelines over the suite', () => {
  it('should say at each return what the images of the run say', async () => {
    const tree = await timelineTree({ name: 'after', folder: treeFolder('after') });
    let compared = 0;
    for (const { name, text } of chosen) {
      const workload = parseWorkload(text);
      const timeline = timelineOf([tree], workload);
      expect([name, schema(JSON.parse(JSON.stringify(timeline)))]).toEqual([name, true]);
      const [side] = timeline.sides;
      expect(side?.instants.length).toBe((side?.instructions.length ?? -1) + 1);
      if (timeline.notes.some((note) => note.includes('lines'))) continue;
      const history = new SideHistory(timeline, 0);
      const returns =
        side?.instructions.flatMap(({ kind }, index) => (kind === 'return' ? [index + 1] : [])) ?? [];
      const run = runWorkload(tree.script.exports.boot, workload);
      for (const [position, { life: number, acknowledgement }] of run.outcomes.entries()) {
        const life = run.lives[number];
        const set = life?.history.acked(acknowledgement);
        if (life === undefined || set === undefined) throw new Error('a run without its life');
        const bytes = [...set.uncertainRanges()].flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, byte) => {
            const { disk, offset } = placeOf(start + byte, life.subsystem.memory);
            return `${disk} ${offset}`;
          }),
        );
        const shown = timeline.words.flatMap(({ place, offset }, word) => {
          const uncertain = history.word(word, returns[position] ?? 0)?.uncertain ?? 0;
          return Array.from({ length: 8 }, (_, byte) => byte)
            .filter((byte) => (uncertain & (1 << byte)) !== 0)
            .map((byte) => `${place} ${offset + byte}`);
        });
        expect([name, position, shown.sort()]).toEqual([name, position, bytes.sort()]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(isThorough ? 100 : 25);
  });
});
