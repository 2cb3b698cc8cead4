/** Device-mapper: who offers dax, tables of unlike members, mapped devices as members (memory-and-dax.md 8). */
import type { Scenario } from '../scenario.ts';
import { equalImages } from './equal-images.ts';

const CAPABILITY = 'device-mapper: who offers dax';
const MIXED = 'device-mapper: mixed tables';
const NESTED = 'device-mapper: nested devices';

const capability: readonly Scenario[] = [
  equalImages(
    CAPABILITY,
    'linear over axonram memory',
    'memory-and-dax.md 7.2, 8.6, 11',
    'the table is not of the dax type, yet the mapped device has a dax device and can be mounted with dax',
    [
      'boot adr clwb axonram0=1M',
      'dm dm-0 linear 1M axonram0@0',
      'sysfs read dm-0/queue/dax',
      'dax write dm-0:/f @0 iov 8',
    ],
    { results: ['8', '"0\\n"', '0'], events: ['n0:8 S'] },
    { results: ['8', '"0\\n"', '0'], events: ['c0:8'] },
  ),
  equalImages(
    CAPABILITY,
    'linear over a disk without dax',
    'memory-and-dax.md 8.6, 15 B12, 16.8, 16.9',
    'the mapped device has a dax device all the same; its direct access finds none behind it',
    [
      'boot adr clwb no-ram-dax ram0=1M',
      'dm dm-0 linear 1M ram0@0',
      'sysfs read dm-0/queue/dax',
      'dax write dm-0:/f @0 iov 8',
    ],
    {
      results: ['-EOPNOTSUPP', '"0\\n"', '0'],
      log: ['error dm-0: error: dax access failed (-95)'],
    },
  ),
  equalImages(
    CAPABILITY,
    'origin of a snapshot over pmem',
    'memory-and-dax.md 8.5, 8.6',
    'the target has a direct access and a dax member, so the table is of the dax type; the mount fails',
    ['dm dm-0 snapshot-origin 2M pmem0@0', 'sysfs read dm-0/queue/dax', 'dax write dm-0:/f @0 iov 8'],
    {
      results: ['-EIO', '"1\\n"', '0'],
      log: [
        'warning device-mapper: snapshots: device does not support dax.',
        'error dm-0: error: dax access failed (-5)',
      ],
    },
  ),
  equalImages(
    CAPABILITY,
    'block write to the origin of a snapshot',
    'memory-and-dax.md 8.7, 20 E6',
    'bios go on to the origin, flushes too',
    ['dm dm-0 snapshot-origin 2M pmem0@0', 'bio write dm-0 @0 4096 fua'],
    { events: ['n0:8*512 S S S'] },
    { events: ['n0:8*512 S S'] },
  ),
  equalImages(
    CAPABILITY,
    'nothing but errors',
    'memory-and-dax.md 8.5, 8.6',
    'direct access and bios fail; without a member there is no write cache, so a flush succeeds at once',
    ['dm dm-0 error 1M', 'dax write dm-0:/f @0 iov 8', 'bio write dm-0 @0 4096', 'flush dm-0'],
    { results: ['0', '-EIO', '-EIO', '0'], log: ['error dm-0: error: dax access failed (-5)'] },
  ),
  equalImages(
    CAPABILITY,
    'linear from the middle of a page on',
    'memory-and-dax.md 7.2, 8.3, 16.8',
    'no page of the mapped device is a page of the member: no dax, but block I/O works',
    ['dm dm-0 linear 1M pmem0@512', 'dax write dm-0:/f @0 iov 8', 'bio read dm-0 @0 4096'],
    { results: ['4096', '-EINVAL', '0'], log: ['error dm-0: error: dax access failed (-22)'] },
  ),
  equalImages(
    CAPABILITY,
    'stripe of 12 sectors',
    'memory-and-dax.md 7.2, 8.4, 16.8',
    'the mount looks at page 0 only; page 1 ends its chunk, page 2 begins inside a page of its member',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 stripe 48K 6K pmem0@0,pmem1@0',
      'dax write dm-0:/f @0 iov 8',
      'dax write dm-0:/f @4096 iov 8',
      'dax write dm-0:/f @8192 iov 8',
    ],
    { results: ['-EINVAL', '-EIO', '8', '0'] },
  ),
  equalImages(
    CAPABILITY,
    'a member that died',
    'memory-and-dax.md 7.3, 16.8',
    'direct access of the member fails first: -ENXIO, not -EFAULT',
    ['dm dm-0 linear 2M pmem0@0', 'dax write dm-0:/f @0 iov 8', 'kill pmem0', 'dax write dm-0:/f @0 iov 8'],
    { results: ['-ENXIO', '0', '8', '0'] },
  ),
];

const PMEM_AND_RAM = ['boot adr clwb pmem0=1M ram0=1M', 'dm dm-0 linear 8K pmem0@0 linear 1M ram0@0'];

const mixed: readonly Scenario[] = [
  equalImages(
    MIXED,
    'write from pmem into a RAM disk',
    'memory-and-dax.md 8.8',
    'cut at the end of the target: past the cache on pmem, through it behind; before, all past it',
    [...PMEM_AND_RAM, 'dax write dm-0:/f @4096 iov 8192', 'fsync dm-0:/f'],
    { events: ['S S', 'pmem0@n4096:8*512 S ram0@n0:8*512 S'] },
    { events: ['S S', 'pmem0@n4096:8*512 S ram0@c0:4096'] },
  ),
  {
    ...equalImages(
      MIXED,
      'unaligned write from pmem into a RAM disk',
      'memory-and-dax.md 8.8, 12 patch 3, 15 B19',
      'before, the fence of the copy to the RAM disk also completed the write-back on pmem; fsync makes up for it',
      [...PMEM_AND_RAM, 'dax write dm-0:/f @8189 iov 10'],
      { events: ['pmem0@c8189:1*3 S pmem0@W8128 ram0@n0:4 ram0@c4:1*3 S ram0@W0'] },
    ),
    acked: 'weaker',
    after: { lost: 'pmem0:8189-8191', events: ['pmem0@c8189:1*3 S pmem0@W8128 ram0@c0:7'] },
  },
  equalImages(
    MIXED,
    'fsync of pages on pmem and on a RAM disk',
    'memory-and-dax.md 8.7, 8.8',
    'each dirty page goes to its own member: written back on pmem only; the flush goes to both, and pmem obeys',
    [...PMEM_AND_RAM, 'store dm-0:/f @0 8', 'store dm-0:/f @8192 8', 'fsync dm-0:/f'],
    { events: ['pmem0@W0*64 ram0@W0*64 S S', 'ram0@c0:8', 'pmem0@c0:8'] },
    { events: ['pmem0@W0*64 S S', 'ram0@c0:8', 'pmem0@c0:8'] },
  ),
  equalImages(
    MIXED,
    'stripe of pmem and axonram memory',
    'memory-and-dax.md 8.6, 8.8, 11, 15 B12 (standing defect)',
    'one dax member makes the whole stripe dax; here the other one can, so nothing fails',
    [
      'boot adr clwb pmem0=1M axonram0=1M',
      'dm dm-0 stripe 2M 4K pmem0@0,axonram0@0',
      'sysfs read dm-0/queue/dax',
      'dax write dm-0:/f @0 iov 8192',
      'fsync dm-0:/f',
    ],
    {
      results: ['0', '8192', '"1\\n"', '0'],
      events: ['S S', 'pmem0@n0:8*512 S axonram0@n0:8*512 S'],
    },
    { results: ['0', '8192', '"1\\n"', '0'], events: ['S S', 'pmem0@n0:8*512 S axonram0@c0:4096'] },
  ),
  {
    ...equalImages(
      MIXED,
      'block write from pmem into a dcssblk segment',
      'memory-and-dax.md 8.6, 11, 12 patch 1, 20 E7',
      'the blocks of the mapped device are the larger ones of its members',
      [
        'boot adr clwb pmem0=1M dcssblk0=1M',
        'dm dm-0 linear 1M pmem0@0 linear 1M dcssblk0@0',
        'sysfs read dm-0/queue/logical_block_size',
        'bio write dm-0 @0 512',
        'bio write dm-0 @1020K 8192',
      ],
      {
        results: ['8192', '-EINVAL', '"4096\\n"', '0'],
        events: ['pmem0@n1044480:8*512 S dcssblk0@c0:4096'],
      },
    ),
    acked: 'weaker',
    after: {
      lost: 'pmem0:1044480-1048575',
      results: ['8192', '-EINVAL', '"4096\\n"', '0'],
      events: ['pmem0@n1044480:8*512 dcssblk0@c0:4096'],
    },
  },
  equalImages(
    MIXED,
    'pmem with errors behind it',
    'memory-and-dax.md 8.1, 8.5, 8.6, 8.7, 9.1',
    'not of the dax type, but mounted all the same; a write that runs into the errors is short, a flush passes them by',
    [
      'dm dm-0 linear 8K pmem0@0 error 8K',
      'sysfs read dm-0/queue/dax',
      'create dm-0:/f 16K',
      'dax write dm-0:/f @8184 iov 16',
      'dax write dm-0:/f @8192 iov 8',
      'fsync dm-0:/f',
    ],
    { results: ['0', '-EIO', '8', '0', '"0\\n"', '0'], events: ['S S', '', 'n8184:8 S'] },
  ),
];

const nested: readonly Scenario[] = [
  equalImages(
    NESTED,
    'linear over a stripe',
    'memory-and-dax.md 8.2, 8.4, 8.6',
    'each level cuts: the first page is the second chunk of the stripe; the dax type is handed up',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 stripe 2M 4K pmem0@0,pmem1@0',
      'dm dm-1 linear 1M dm-0@4K',
      'sysfs read dm-1/queue/dax',
      'dax write dm-1:/f @0 iov 8192',
    ],
    {
      results: ['8192', '"1\\n"', '0', '0'],
      events: ['pmem1@n0:8*512 S pmem0@n4096:8*512 S'],
    },
  ),
  equalImages(
    NESTED,
    'fsync of a linear over a stripe',
    'memory-and-dax.md 8.2, 8.7',
    'the dirty page is written back on the one member that holds it, the flush goes to both',
    [
      'boot adr clwb pmem0=1M pmem1=1M',
      'dm dm-0 stripe 2M 4K pmem0@0,pmem1@0',
      'dm dm-1 linear 1M dm-0@4K',
      'store dm-1:/f @0 8',
      'fsync dm-1:/f',
    ],
    { events: ['pmem1@W0*64 S S S S', 'pmem1@c0:8'] },
  ),
  equalImages(
    NESTED,
    'linear over a linear over axonram memory',
    'memory-and-dax.md 8.2, 8.6, 11',
    'the missing flag is handed up too, and so is the missing flush: after the series nothing is written back',
    [
      'boot adr clwb axonram0=1M',
      'dm dm-0 linear 1M axonram0@0',
      'dm dm-1 linear 1M dm-0@0',
      'sysfs read dm-1/queue/dax',
      'store dm-1:/f @0 8',
      'fsync dm-1:/f',
    ],
    { results: ['0', '0', '"0\\n"'], events: ['W0*64', 'c0:8'] },
    { results: ['0', '0', '"0\\n"'], events: ['', 'c0:8'] },
  ),
];

export const mapperScenarios: readonly Scenario[] = [...capability, ...mixed, ...nested];
