/** Mapped stores, fsync, zeroing (memory-and-dax.md 9.2 to 9.4, 15 B15, 17, 20). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const MAPPED = 'mapped stores and fsync';
const ZEROING = 'zeroing';

export const syncScenarios: readonly Scenario[] = [
  {
    name: 'T8 E4 mapped store, msync',
    theme: MAPPED,
    source: 'memory-and-dax.md 17 T8, 20 E4',
    shows: 'one dirty page: 64 write-backs, then the flush',
    workload: 'store pmem0:/f @8 8\nmsync pmem0:/f @0 4096',
    ...onBothSides({ lost: 'none', events: ['W0*64 S S', 'c8:8'] }),
  },
  {
    name: 'mapped stores into the outermost lines of two pages',
    theme: MAPPED,
    source: 'memory-and-dax.md 17 T8, 20 E4',
    shows: 'every line of each dirty page is written back, the outermost ones too',
    workload: 'store pmem0:/f @0 8\nstore pmem0:/f @4088 8\nstore pmem0:/f @8184 8\nfsync pmem0:/f',
    // Two dirty pages of 64 lines each, then the flush of the device: two fences.
    ...onBothSides({ lost: 'none', cost: [0, 128, 2] }),
  },
  {
    name: 'mapped store without msync',
    theme: MAPPED,
    source: 'memory-and-dax.md 2',
    shows: 'nothing is promised before the sync, on either side',
    workload: 'store pmem0:/f @8 8',
    ...onBothSides({ lost: 'pmem0:8-15' }),
  },
  {
    name: 'second msync finds nothing',
    theme: MAPPED,
    source: 'memory-and-dax.md 9.4; golden/real-kernel msync_again',
    shows: 'the tag is gone after the first; the flush is not',
    workload: 'store pmem0:/f @8 8\nmsync pmem0:/f @0 4096\nmsync pmem0:/f @0 4096',
    ...onBothSides({ lost: 'none', events: ['S S', 'W0*64 S S', 'c8:8'] }),
  },
  {
    name: 'store after msync is tagged again',
    theme: MAPPED,
    source: 'memory-and-dax.md 9.3, 9.4.5',
    shows: 'msync took the write permission away, so the next store faults and tags',
    workload: 'store pmem0:/f @8 8\nmsync pmem0:/f @0 4096\nstore pmem0:/f @16 8\nmsync pmem0:/f @0 4096',
    ...onBothSides({ lost: 'none', events: ['W0*64 S S', 'c16:8'] }),
  },
  {
    name: 'write(2) leaves no tag',
    theme: MAPPED,
    source: 'memory-and-dax.md 9.1, 16.1',
    shows: 'fsync after write issues no write-back: only fences',
    workload: 'dax write pmem0:/f @0 iov 4096\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none', events: ['S S', 'n0:8*512 S'] }),
  },
  {
    name: 'T9 2 MiB entry',
    theme: MAPPED,
    source: 'memory-and-dax.md 17 T9',
    shows: 'a store through a huge mapping dirties 2 MiB: 32768 write-backs',
    workload:
      'boot adr clwb pmem0=8M,pages\ncreate pmem0:/b 4M align 2M\nstore pmem0:/b @320 8\nfsync pmem0:/b',
    ...onBothSides({ lost: 'none', events: ['W0*32768 S S', 'c320:8'] }),
  },
  {
    name: 'B15 inner mapping of a 2 MiB entry',
    theme: MAPPED,
    source: 'memory-and-dax.md 15 B15 (standing defect)',
    shows:
      'fsync write-protects only mappings of the first page: a later store of another process is never tagged',
    workload: [
      'boot adr clwb pmem0=8M,pages',
      'create pmem0:/b 4M align 2M',
      'mmap pmem0:/b @4096 4096 by B',
      'store pmem0:/b @0 8 by A',
      'store pmem0:/b @4096 8 by B',
      'fsync pmem0:/b',
      'store pmem0:/b @4104 8 by B',
      'fsync pmem0:/b',
    ].join('\n'),
    ...onBothSides({ lost: 'pmem0:4104-4111', events: ['S S', 'c4104:8', 'W0*32768 S S'] }),
  },
  {
    name: 'T10 E9 zero 50 bytes at 100',
    theme: ZEROING,
    source: 'memory-and-dax.md 17 T10, 20 E9; order of stores: golden/real-kernel punch_hole',
    shows: 'part of a block: memset and two write-backs, no fence',
    workload: 'dax write pmem0:/f @0 iov 4096\npunch pmem0:/f @100 50',
    ...onBothSides({ lost: 'pmem0:100-149', events: ['c100:8 c142:8 c104:40 W64*2'] }),
  },
  {
    name: 'T10 zero 512 bytes at 512',
    theme: ZEROING,
    source: 'memory-and-dax.md 17 T10',
    shows: 'whole logical blocks are block writes: one fence before, none after',
    workload: 'dax write pmem0:/f @0 iov 4096\nzero-in-place pmem0:/f @512 512\nfsync pmem0:/f',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['S S', 'n512:8*64 S'] },
    after: { lost: 'none', events: ['S S', 'n512:8*64'] },
  },
  {
    name: 'E10 zero a page',
    theme: ZEROING,
    source: 'memory-and-dax.md 20 E10',
    shows: 'one bio of the zero page',
    workload: 'dax write pmem0:/f @0 iov 4096\nzero-in-place pmem0:/f @0 4096',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S'] },
    after: { lost: 'pmem0:0-4095', events: ['n0:8*512'] },
  },
  {
    name: 'truncate inside a page',
    theme: ZEROING,
    source: 'golden/real-kernel ftruncate_partial',
    shows: 'the rest of the cut page is zeroed through dax',
    workload: 'create pmem0:/f 4096\ntruncate pmem0:/f 1001\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none', events: ['S S', 'c1001:8 c4088:8 c1008:3088 W960*49'] }),
  },
];
