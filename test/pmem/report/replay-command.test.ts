import { describe, expect, it } from 'vitest';
import { replayCommand } from '#pmem/report/replay-command.ts';

describe('the command that replays a workload', () => {
  it('should stand in one pair of quotes, as a shell reads it', () => {
    expect(replayCommand('boot pmem0=2M\nflush pmem0')).toBe(
      "npx pmem-conform replay --trace 'boot pmem0=2M / flush pmem0'",
    );
    // A shell ends the quotes, adds a quote that a backslash protects, and begins them anew.
    expect(replayCommand('sysfs write a/b "it\'s"')).toBe(
      String.raw`npx pmem-conform replay --trace 'sysfs write a/b "it'\''s"'`,
    );
  });
});

describe('the command for other trees', () => {
  it('should name them', () => {
    expect(replayCommand('flush pmem0', { before: 'step-2', after: 'as-posted@3' })).toBe(
      "npx pmem-conform replay --trace --before step-2 --after as-posted@3 'flush pmem0'",
    );
    expect(replayCommand('flush pmem0', { before: 'before', after: 'step-1' })).toBe(
      "npx pmem-conform replay --trace --after step-1 'flush pmem0'",
    );
  });
});
