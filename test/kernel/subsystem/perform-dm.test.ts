import { describe, expect, it } from 'vitest';
import type { DmTableShape } from '#kernel/subsystem/operation.ts';
import { membersFirst } from '#kernel/subsystem/perform-dm.ts';

function table(disk: string, ...members: string[]): DmTableShape {
  const targets = members.map((member) => ({
    type: 'linear' as const,
    sizeBytes: 4096,
    chunkBytes: 0,
    members: [{ disk: member, startBytes: 0 }],
  }));
  return { disk, targets };
}

const order = (...tables: DmTableShape[]): string[] => membersFirst(tables).map(({ disk }) => disk);

describe('membersFirst', () => {
  it('should keep the order of tables that do not depend on each other', () => {
    expect(order(table('dm-1', 'pmem0'), table('dm-0', 'pmem1'))).toEqual(['dm-1', 'dm-0']);
  });

  it('should put the members of a table before it, through all levels', () => {
    const tables = [table('dm-0', 'dm-2'), table('dm-1', 'pmem0'), table('dm-2', 'dm-1', 'pmem1')];
    expect(order(...tables)).toEqual(['dm-1', 'dm-2', 'dm-0']);
  });
});
