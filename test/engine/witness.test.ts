/** What shows a difference: the very one that was observed, and known the next time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EvidenceStore } from '#engine/store.ts';
import type { Difference, Subject } from '#engine/subject.ts';
import { showingOf } from '#engine/witness.ts';
import { project } from '../support/project.ts';

const { subject, series } = project;
const pair = { before: series.tree('step-2'), after: series.tree('step-3') };
// Two segments whose inner edges step 3 writes back (memory-and-dax.md 12, patch 3; 15 B5).
const WORKLOAD = 'dax write pmem0:/f @0 iov 1,63\nfsync pmem0:/f';

describe('showing a difference', () => {
  it('should give an image and what both sides did, once for the same trees', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conform-shown-'));
    try {
      const storeOf = (): EvidenceStore => new EvidenceStore(folder, (message) => expect.fail(message));
      let tries = 0;
      const counted: Subject = {
        ...subject,
        open: async (tree) => {
          tries++;
          return subject.open(tree);
        },
      };
      const what = { dimension: 'acked', relation: 'stronger', index: 0 } as const;
      const store = storeOf();
      const shown = await showingOf(counted, store, pair)(WORKLOAD, what);
      store.save();
      expect(shown!.witness.length).toBeGreaterThan(0);
      expect(shown!.traces[0]!.before).not.toContain('W0');
      expect(shown!.traces[0]!.after).toContain('W0');
      expect(await showingOf(counted, storeOf(), pair)(WORKLOAD, what)).toEqual(shown);
      expect(tries).toBe(2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('should give nothing for a difference that is not there', async () => {
    const store = new EvidenceStore('/dev/null/nowhere', () => {}, true);
    const what: Pick<Difference, 'dimension' | 'relation' | 'index'> = {
      dimension: 'log',
      relation: 'other',
      index: 0,
    };
    expect(await showingOf(subject, store, pair)(WORKLOAD, what)).toBeUndefined();
  });
});
