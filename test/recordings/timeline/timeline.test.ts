import { describe, expect, it } from 'vitest';
import type { Timeline } from '#base/timeline.ts';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { compareRecordings } from '#recordings/compare/compare-recordings.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import { timelineOfRecordings } from '#recordings/timeline/timeline.ts';
import { rootFolder } from '../../support/project.ts';

const setting = persistencySetting('adr');

const pathOf = (name: string): string => `${rootFolder}/test/golden/data/recordings/${name}.jsonl.gz`;

async function timeline(before: string, after: string): Promise<Timeline> {
  const [left, right] = [await openRecording(pathOf(before)), await openRecording(pathOf(after))];
  return timelineOfRecordings(compareRecordings(left, right, { setting }), setting, new Map());
}

describe('the timeline of two recordings', () => {
  it('should have an operation for what runs up to each acknowledgement of both', async () => {
    const { operations, columns, sides } = await timeline('plog-0', 'plog-3');
    expect(operations.map(({ text }) => text).slice(0, 4)).toEqual([
      'append 1',
      'append 2',
      'append 3',
      'append 4',
    ]);
    // docs/RECORDINGS.md: 2^0 images before and 2^1 after, once 'append 1' has been acknowledged.
    const column = columns.findIndex(
      ({ instructions: [one = -1] }) => sides[0]?.instructions[one]?.kind === 'return',
    );
    const images = sides.map(
      ({ instants }, side) => instants[(columns[column]?.instructions[side] ?? 0) + 1]?.images,
    );
    expect([columns[column]?.operation, images]).toEqual([0, ['1', '2']]);
  });

  it('should tell where in the source instructions came from', async () => {
    const { frames, sides } = await timeline('plog-0', 'plog-3');
    const [first] = sides[0]?.instructions ?? [];
    const stack = first?.stack.map((frame) => frames[frame]) ?? [];
    expect(stack.map((frame) => frame?.file)).toContain('plog.c');
    expect(stack.find((frame) => frame?.file === 'plog.c')?.function).toBe('main');
  });
});
