/** RAM disks, device-mapper, volatile regions, device life (memory-and-dax.md 8, 11, 13, 15, 17, 20). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const RAM = 'a RAM disk as dax device';
const MAPPER = 'device-mapper';
const VOLATILE = 'volatile regions';
const LIFE = 'device life';

export const deviceScenarios: readonly Scenario[] = [
  {
    name: 'T7 write to a RAM disk',
    theme: RAM,
    source: 'memory-and-dax.md 17 T7, 13',
    shows: 'before, pmem copies for everyone; after, an ordinary copy',
    workload: 'boot adr clwb ram0=1M\ndax write ram0:/f @0 iov 4096',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S'] },
    after: { lost: 'none', events: ['c0:4096'] },
  },
  {
    name: 'T8 fsync on a RAM disk',
    theme: RAM,
    source: 'memory-and-dax.md 17 T8',
    shows: '64 useless write-backs before, none after; no flush either way',
    workload: 'boot adr clwb ram0=1M\nstore ram0:/f @0 8\nfsync ram0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['W0*64', 'c0:8'] },
    after: { lost: 'none', events: ['', 'c0:8'] },
  },
  {
    name: 'zeroing on a RAM disk',
    theme: RAM,
    source: 'memory-and-dax.md 13; nvdimm-and-firmware.md 18.4.4',
    shows: 'the write-back of cleared lines goes too',
    workload: 'boot adr clwb ram0=1M\npunch ram0:/f @100 50',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['c100:8 c142:8 c104:40 W64*2'] },
    after: { lost: 'none', events: ['c100:8 c142:8 c104:40'] },
  },
  {
    name: 'RAM disk pages come one at a time',
    theme: RAM,
    source: 'memory-and-dax.md 11, 16.3',
    shows: 'direct access gives one page, so a write of two pages is two copies',
    workload: 'boot adr clwb ram0=1M\ndax write ram0:/f @0 iov 8192',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S n4096:8*512 S'] },
    after: { lost: 'none', events: ['c0:4096 c4096:4096'] },
  },
  {
    name: 'E5 T14 fsync on dm-linear over pmem',
    theme: MAPPER,
    source: 'memory-and-dax.md 20 E5, 17 T14',
    shows: 'the same instructions as on the disk itself (the merged series lost the write-backs here)',
    workload: 'dm dm-0 linear 2M pmem0@0\nstore dm-0:/f @8 8\nfsync dm-0:/f',
    ...onBothSides({ lost: 'none', events: ['W0*64 S S', 'c8:8'] }),
  },
  {
    name: 'T11 fsync on dm-linear over a RAM disk',
    theme: MAPPER,
    source: 'memory-and-dax.md 17 T11',
    shows: 'dax_flush reaches a driver without the operation: nothing',
    workload: 'boot adr clwb ram0=1M\ndm dm-0 linear 1M ram0@0\nstore dm-0:/f @8 8\nfsync dm-0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['W0*64', 'c8:8'] },
    after: { lost: 'none', events: ['', 'c8:8'] },
  },
  {
    name: 'T11 stripe of 8 sectors',
    theme: MAPPER,
    source: 'memory-and-dax.md 17 T11',
    shows: 'a write of two chunks is two copies, one to each member',
    workload:
      'boot adr clwb pmem0=1M pmem1=1M\ndm dm-0 stripe 2M 4K pmem0@0,pmem1@0\ndax write dm-0:/f @0 iov 8192',
    ...onBothSides({ lost: 'none', events: ['pmem0@n0:8*512 S pmem1@n0:8*512 S'] }),
  },
  {
    name: 'unaligned write over a chunk boundary',
    theme: MAPPER,
    source: 'golden/real-kernel dm-stripe 4 KiB; memory-and-dax.md 8.8',
    shows: 'one edge rule per piece: both pieces have their own head or tail',
    workload:
      'boot adr clwb pmem0=1M pmem1=1M\ndm dm-0 stripe 2M 4K pmem0@0,pmem1@0\ndax write dm-0:/f @4093 iov 10\nfsync dm-0:/f',
    ...onBothSides({
      lost: 'none',
      events: ['S S S S', 'pmem0@c4093:1*3 S pmem0@W4032 pmem1@n0:4 pmem1@c4:1*3 S pmem1@W0'],
    }),
  },
  {
    name: 'T12 stripe of 4 sectors',
    theme: MAPPER,
    source: 'memory-and-dax.md 17 T12, 8.4',
    shows: 'a chunk below a page has no direct access',
    workload:
      'boot adr clwb pmem0=1M pmem1=1M\ndm dm-0 stripe 2M 2K pmem0@0,pmem1@0\ndax write dm-0:/f @0 iov 8',
    ...onBothSides({ lost: 'none', results: ['-EIO'], log: ['error dm-0: error: dax access failed (-5)'] }),
  },
  {
    name: 'fsync on a stripe of two',
    theme: MAPPER,
    source: 'memory-and-dax.md 8.7; golden/real-kernel README',
    shows: 'an empty flush goes to every member, also to one that was not written',
    workload:
      'boot adr clwb pmem0=1M pmem1=1M\ndm dm-0 stripe 2M 4K pmem0@0,pmem1@0\ndax write dm-0:/f @0 iov 8\nfsync dm-0:/f',
    ...onBothSides({ lost: 'none', events: ['S S S S', 'pmem0@n0:8 S'] }),
  },
  {
    name: 'FUA over a chunk boundary',
    theme: MAPPER,
    source: 'golden/real-kernel blk_O_DIRECT_O_DSYNC_cross',
    shows: 'each written member is flushed after its data',
    workload:
      'boot adr clwb pmem0=1M pmem1=1M\ndm dm-0 stripe 2M 64K pmem0@0,pmem1@0\nbio write dm-0 @60K 8192 fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['pmem0@n61440:8*512 S S S pmem1@n0:8*512 S S S'] },
    after: { lost: 'none', events: ['pmem0@n61440:8*512 S S pmem1@n0:8*512 S S'] },
  },
  {
    name: 'mixed table: each piece by its own member',
    theme: MAPPER,
    source: 'memory-and-dax.md 8.8',
    shows: 'pmem pieces past the cache, RAM pieces through it; before, all past it',
    workload:
      'boot adr clwb pmem0=1M ram0=1M\ndm dm-0 stripe 2M 4K pmem0@0,ram0@0\ndax write dm-0:/f @0 iov 8192\nfsync dm-0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['S S', 'pmem0@n0:8*512 S ram0@n0:8*512 S'] },
    after: { lost: 'none', events: ['S S', 'pmem0@n0:8*512 S ram0@c0:4096'] },
  },
  {
    name: 'B9 stripe whose first member is a RAM disk',
    theme: MAPPER,
    source: 'memory-and-dax.md 15 B9, 8.7; persistency.md appendix A K6',
    shows: 'a flush goes to the member that holds the page, also when the first member needs none',
    workload:
      'boot adr clwb ram0=1M pmem0=1M\ndm dm-0 stripe 2M 4K ram0@0,pmem0@0\nstore dm-0:/f @4096 8\nfsync dm-0:/f',
    ...onBothSides({ lost: 'none', events: ['pmem0@W0*64 S S', 'pmem0@c0:8'] }),
  },
  {
    name: 'B12 a member without dax',
    theme: MAPPER,
    source: 'memory-and-dax.md 15 B12 (standing defect)',
    shows:
      'one dax member makes the whole stripe dax: writes to the other chunk fail, silently nothing is lost',
    workload:
      'boot adr clwb no-ram-dax pmem0=1M ram0=1M\ndm dm-0 stripe 2M 4K pmem0@0,ram0@0\ndax write dm-0:/f @4096 iov 8\nsysfs read dm-0/queue/dax',
    ...onBothSides({ lost: 'none', results: ['"1\\n"', '-EOPNOTSUPP'] }),
  },
  {
    name: 'E11 volatile region',
    theme: VOLATILE,
    source: 'memory-and-dax.md 20 E11; nvdimm-and-firmware.md 4.8, 13.12',
    shows: 'no driver bound to it before; after, a disk whose fsync costs nothing',
    workload: 'boot adr clwb pmem0=2M,volatile\ndax write pmem0:/f @5 iov 100\nfsync pmem0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV', '-ENODEV'], cost: [0, 0, 0] },
    after: { lost: 'none', results: ['0', '100'], events: ['', 'c5:1*3 n8:8*12 c104:1 S W0 W64'] },
  },
  {
    name: 'volatile region: mapped store and fsync',
    theme: VOLATILE,
    source: 'memory-and-dax.md 12 patch 14, 13',
    shows: 'no write-back, no flush: the write cache is off by default',
    workload:
      'boot adr clwb pmem0=2M,volatile\nstore pmem0:/f @8 8\nfsync pmem0:/f\nsysfs read pmem0/queue/write_cache',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENOENT', '-ENODEV', '-ENODEV'] },
    after: { lost: 'none', results: ['"write through\\n"', '0', '0'], cost: [0, 0, 0] },
  },
  {
    name: 'a region that nobody vouches for',
    theme: VOLATILE,
    source: 'nvdimm-and-firmware.md 3, 18.4.5',
    shows: 'the warning on both sides; writes are flushed all the same',
    workload: 'boot adr clwb pmem0=2M,no-dimm\nbio write pmem0 @0 512 fua',
    ...onBothSides({
      lost: 'none',
      log: [`warning namespace0.0: unable to guarantee persistence of writes`],
    }),
  },
  {
    name: 'T13 dead device',
    theme: LIFE,
    source: 'memory-and-dax.md 17 T13',
    shows: 'direct access fails first: -ENXIO, not -EFAULT',
    workload: 'dax write pmem0:/f @0 iov 8\nkill pmem0\ndax write pmem0:/f @0 iov 8',
    ...onBothSides({ lost: 'none', results: ['-ENXIO', '0', '8'] }),
  },
  {
    name: 'detach flushes once',
    theme: LIFE,
    source: 'nvdimm-and-firmware.md 2.8, 18.4.21; golden/real-kernel unbind',
    shows: 'removing a namespace is one flush',
    workload: 'detach pmem0',
    ...onBothSides({ lost: 'none', events: ['S S'] }),
  },
  {
    name: 'power failure and reboot',
    theme: LIFE,
    source: 'memory-and-dax.md 15 B5',
    shows: 'after the worst power failure the header of the write reads back only with the driver-owned copy',
    workload: 'dax write pmem0:/f @0 iov 1,63\nfsync pmem0:/f\ncrash\ndax read pmem0:/f @0 iov 64',
    acked: 'incomparable',
    synced: 'stronger',
    before: { lost: 'none', results: ['64'] },
    after: { lost: 'none', results: ['64'] },
  },
];
