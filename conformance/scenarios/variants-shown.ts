/** What the variants of `series/variants/` get wrong and the series gets right on both sides. */
import type { Scenario } from '../scenario.ts';

export const variantScenarios: readonly Scenario[] = [
  {
    name: 'B9 stripe whose first member is a RAM disk',
    theme: 'device-mapper',
    source: 'memory-and-dax.md 15 B9, 8.7; persistency.md appendix A K6',
    shows: 'a flush goes to the member that holds the page, also when the first member needs none',
    workload:
      'boot adr clwb ram0=1M pmem0=1M\ndm dm-0 stripe 2M 4K ram0@0,pmem0@0\nstore dm-0:/f @4096 8\nfsync dm-0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['pmem0@W0*64 S S', 'pmem0@c0:8'] },
    after: { lost: 'none', events: ['pmem0@W0*64 S S', 'pmem0@c0:8'] },
  },
];
