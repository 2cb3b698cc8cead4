/** Bios, raw namespace bytes, poison, the write-cache switch, power-fail domains, configuration (memory-and-dax.md 10, 15, 17, 20). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const BIOS = 'block writes';
const RAW = 'raw namespace bytes';
const SWITCH = 'write-cache switch';
const POISON = 'poison';
const DOMAINS = 'power-fail domains';
const CONFIGURATION = 'kernel configuration';
const WARNING = 'warning namespace0.0: unable to guarantee persistence of writes';

const bios: readonly Scenario[] = [
  {
    name: 'E7 B20 aligned write without flags',
    theme: BIOS,
    source: 'memory-and-dax.md 20 E7, 15 B20',
    shows:
      'durable at completion before; after, it may still sit in write-combining buffers (legal: a volatile cache is advertised)',
    workload: 'bio write pmem0 @0 4096',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S'] },
    after: { lost: 'pmem0:0-4095', events: ['n0:8*512'] },
  },
  {
    name: 'E7 and then a flush',
    theme: BIOS,
    source: 'memory-and-dax.md 10',
    shows: 'the first fence of the flush completes the stores',
    workload: 'bio write pmem0 @0 4096\nflush pmem0',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', cost: [512, 0, 3] },
    after: { lost: 'none', cost: [512, 0, 2] },
  },
  {
    name: 'E6 FUA write',
    theme: BIOS,
    source: 'memory-and-dax.md 20 E6',
    shows: 'data, then the flush; one fence fewer after',
    workload: 'bio write pmem0 @0 4096 fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S S S'] },
    after: { lost: 'none', events: ['n0:8*512 S S'] },
  },
  {
    name: 'PREFLUSH and FUA',
    theme: BIOS,
    source: 'nvdimm-and-firmware.md 2.1',
    shows: 'two flushes, one on each side of the data',
    workload: 'bio write pmem0 @0 512,512 preflush fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['S S n0:8*64 S n512:8*64 S S S'] },
    after: { lost: 'none', events: ['S S n0:8*128 S S'] },
  },
  {
    name: 'flush of a RAM disk',
    theme: BIOS,
    source: 'memory-and-dax.md 10, 11',
    shows: 'no volatile cache is advertised: the block layer answers',
    workload: 'boot adr clwb ram0=1M\nflush ram0',
    ...onBothSides({ lost: 'none', cost: [0, 0, 0], results: ['0'] }),
  },
  {
    name: 'rw_page write',
    theme: BIOS,
    source: 'nvdimm-and-firmware.md 2.4, 12',
    shows: 'as a bio without flags',
    workload: 'page write pmem0 @4096',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['n4096:8*512 S'] },
    after: { lost: 'pmem0:4096-8191', events: ['n4096:8*512'] },
  },
  {
    name: 'shutdown flushes',
    theme: BIOS,
    source: 'nvdimm-and-firmware.md 2.8',
    shows: 'a clean shutdown makes block writes durable on both sides',
    workload: 'bio write pmem0 @0 512\nshutdown pmem0',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['S S', 'n0:8*64 S'] },
    after: { lost: 'none', events: ['S S', 'n0:8*64'] },
  },
];

/** memory-and-dax.md 15 B4 and the examples there: place, size, bytes that the global helper left in the cache. */
const B4_ROWS: readonly (readonly [offset: number, size: number, lost: string])[] = [
  [0, 3, 'pmem0:0-2'],
  [3, 13, 'pmem0:3-7'],
  [0, 8, 'none'],
  [4, 4, 'none'],
];

const raw: readonly Scenario[] = [
  {
    name: 'T5 64 raw bytes at 1',
    theme: RAW,
    source: 'memory-and-dax.md 17 T5, 15 B4',
    shows: 'memcpy_to_pmem leaves head and tail dirty for good; memcpy_flushcache does not',
    workload: 'detach pmem0\nraw write pmem0 @1 64',
    acked: 'stronger',
    synced: 'stronger',
    before: { lost: 'pmem0:1-7,64', events: ['c1:1*7 n8:8*7 c64:1 S S S'] },
    after: { lost: 'none', events: ['c1:7 W0 n8:8*7 c64:1 W64 S S'] },
  },
  ...B4_ROWS.map(([offset, size, lost]): Scenario => ({
    name: `B4 ${size} raw bytes at ${offset}`,
    theme: RAW,
    source: 'memory-and-dax.md 15 B4; nvdimm-and-firmware.md 18.4.2',
    shows: 'raw writes are flushed, but a flush does not reach what is dirty in the cache',
    workload: `detach pmem0\nraw write pmem0 @${offset} ${size}`,
    acked: lost === 'none' ? 'equal' : 'stronger',
    synced: lost === 'none' ? 'equal' : 'stronger',
    before: { lost },
    after: { lost: 'none' },
  })),
  {
    name: 'B4 the same bytes written twice',
    theme: RAW,
    source: 'memory-and-dax.md 15 B4',
    shows: 'a pattern over itself: the second write dirties the same head again, and promises it in vain',
    workload: 'detach pmem0\nraw write pmem0 @3 13 bytes 5aa5\nraw write pmem0 @3 13 bytes 5aa5',
    acked: 'stronger',
    synced: 'stronger',
    before: { lost: 'pmem0:3-7' },
    after: { lost: 'none' },
  },
];

const switches: readonly Scenario[] = [
  {
    name: 'T15 write through, write and fsync',
    theme: SWITCH,
    source: 'memory-and-dax.md 17 T15, 7.4, 15 B11',
    shows: 'the switch turns the flush into nothing on both sides: edges stay unfenced (as posted; standing)',
    workload:
      'sysfs write pmem0/queue/write_cache "write through"\ndax write pmem0:/f @5 iov 100\nfsync pmem0:/f',
    ...onBothSides({ lost: 'pmem0:5-7,104', events: ['', 'c5:1*3 n8:8*12 c104:1 S W0 W64'] }),
  },
  {
    name: 'T8 write through, mapped store and fsync',
    theme: SWITCH,
    source: 'memory-and-dax.md 17 T8 (step 13 with WC clear)',
    shows: 'before, fsync still writes the lines back, without a fence; after, it does nothing at all',
    workload: 'sysfs write pmem0/queue/write_cache "write through"\nstore pmem0:/f @8 8\nfsync pmem0:/f',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'pmem0:8-15', events: ['W0*64', 'c8:8'] },
    after: { lost: 'pmem0:8-15', events: ['', 'c8:8'] },
  },
  {
    name: 'write through, mapped store, write back again',
    theme: SWITCH,
    source: 'memory-and-dax.md 12 patch 13',
    shows: 'the tag is cleared although nothing was flushed: switching back later does not help',
    workload: [
      'sysfs write pmem0/queue/write_cache "write through"',
      'store pmem0:/f @8 8',
      'fsync pmem0:/f',
      'sysfs write pmem0/queue/write_cache "write back"',
      'fsync pmem0:/f',
    ].join('\n'),
    acked: 'weaker',
    synced: 'weaker',
    before: { lost: 'none', events: ['S S', '', 'W0*64'] },
    after: { lost: 'pmem0:8-15', events: ['S S', '', ''] },
  },
  {
    name: 'the switch is read by prefix',
    theme: SWITCH,
    source: 'nvdimm-and-firmware.md 11.4',
    shows: '"write backwards" sets, "nonesuch" clears, "Write back" is refused',
    workload: [
      'sysfs write pmem0/queue/write_cache "nonesuch"',
      'sysfs read pmem0/queue/write_cache',
      'sysfs write pmem0/queue/write_cache "write backwards"',
      'sysfs read pmem0/queue/write_cache',
      'sysfs write pmem0/queue/write_cache "Write back"',
    ].join('\n'),
    ...onBothSides({
      lost: 'none',
      results: ['-EINVAL', '"write back\\n"', '15', '"write through\\n"', '8'],
    }),
  },
];

const poison: readonly Scenario[] = [
  {
    name: 'E8 write over poison',
    theme: POISON,
    source: 'memory-and-dax.md 20 E8',
    shows: 'write, clear, invalidate between two mfences, write again',
    workload: 'poison pmem0 @0 4096\nbio write pmem0 @0 4096',
    // The second copy stores what the first, fenced by the mfence, made durable already.
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*512 S M O0*64 M n0:8*512 S'], results: ['4096'] },
    after: { lost: 'none', events: ['n0:8*512 M O0*64 M n0:8*512'], results: ['4096'] },
  },
  {
    name: 'read of a bad sector',
    theme: POISON,
    source: 'memory-and-dax.md 10',
    shows: 'refused without touching memory',
    workload: 'poison pmem0 @512 512\nbio read pmem0 @0 4096',
    ...onBothSides({ lost: 'none', results: ['-EIO'], cost: [0, 0, 0] }),
  },
  {
    name: 'FUA after a failed write',
    theme: POISON,
    source: 'nvdimm-and-firmware.md 2.1, 6.3',
    shows: 'the platform clears in 4096 only: -EIO, the data is there, and the flush still runs',
    workload: 'boot adr clwb pmem0=2M,clear=4K\npoison pmem0 @0 512\nbio write pmem0 @0 512 fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*64 S M O0*8 M n0:8*64 S S S'], results: ['-EIO'] },
    after: { lost: 'none', events: ['n0:8*64 M O0*8 M n0:8*64 S S'], results: ['-EIO'] },
  },
  {
    name: 'B18 raw write that fails and stores',
    theme: POISON,
    source: 'memory-and-dax.md 15 B18 (standing defect)',
    shows:
      'an atomic raw write over a bad sector returns -EIO, and the bytes are written and flushed all the same',
    workload: 'detach pmem0\npoison pmem0 @0 512\nraw write pmem0 @0 512 atomic',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*64 S S S'], results: ['-EIO'] },
    after: { lost: 'none', events: ['n0:8*64 S S'], results: ['-EIO'] },
  },
  {
    name: 'dax write next to poison',
    theme: POISON,
    source: 'nvdimm-and-firmware.md 2.5; memory-and-dax.md 16.15',
    shows: 'direct access of a bad page fails; others give exactly what was asked for',
    workload:
      'dax write pmem0:/f @0 iov 8\npoison pmem0 @4096 512\ndax write pmem0:/f @4100 iov 8\ndax write pmem0:/f @0 iov 4096',
    ...onBothSides({ lost: 'none', results: ['4096', '-EIO'] }),
  },
];

const domains: readonly Scenario[] = [
  {
    name: 'caches survive: segments 1 + 4095',
    theme: DOMAINS,
    source: 'persistency.md 1.3, 1.7 (eADR column)',
    shows: 'with caches in the persistence domain the loss before the series is none',
    workload: 'boot eadr clwb pmem0=2M\ndax write pmem0:/f @0 iov 1,4095\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none' }),
  },
  {
    name: 'caches survive: write through',
    theme: DOMAINS,
    source: 'persistency.md 4.7.5',
    shows: 'the platform that the switch is meant for: a mapped store is safe without a write-back',
    workload:
      'boot eadr clwb pmem0=2M\nsysfs write pmem0/queue/write_cache "write through"\nstore pmem0:/f @8 8\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none' }),
  },
  {
    name: 'queue lost: flush hints drain it',
    theme: DOMAINS,
    source: 'nvdimm-and-firmware.md 18.2, 4.3',
    shows: 'without ADR a flush with a hint store between its fences makes data durable',
    workload: 'boot none clwb pmem0=2M,hints=1\nbio write pmem0 @0 512\nflush pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', events: ['S Hnmem0.0 S', 'n0:8*64 S'] },
    after: { lost: 'none', events: ['S Hnmem0.0 S', 'n0:8*64'] },
  },
  {
    name: 'queue lost: no hints, nothing safe',
    theme: DOMAINS,
    source: 'nvdimm-and-firmware.md 18.2',
    shows: 'without ADR and without hints fences reach the queue only',
    workload: 'boot none clwb pmem0=2M\nbio write pmem0 @0 512\nflush pmem0',
    ...onBothSides({ lost: 'pmem0:0-511' }),
  },
];

const configuration: readonly Scenario[] = [
  {
    name: 'no api at all: block write',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 6.1, 12 patch 1; nvdimm-and-firmware.md 13.11',
    shows: 'plain cached copies on both sides; only after does the driver say so',
    workload: 'boot no-pmem-api no-flushcache pmem0=2M\nbio write pmem0 @0 512 fua',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'pmem0:0-511', events: ['c0:512 S S'], log: [] },
    after: { lost: 'pmem0:0-511', events: ['c0:512 S S'], log: [WARNING] },
  },
  {
    name: 'no api at all: user write',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 5.2, 6.1',
    shows: 'both fall back to the nocache copy without any write-back',
    workload: 'boot no-pmem-api no-flushcache pmem0=2M\ndax write pmem0:/f @5 iov 100\nfsync pmem0:/f',
    ...onBothSides({ lost: 'pmem0:5-7,104', events: ['S S', 'c5:1*3 n8:8*12 c104:1 S'] }),
  },
  {
    name: 'no flushcache helpers: block write',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 12 patch 1; nvdimm-and-firmware.md 3',
    shows: 'before never needed them; after copies through the cache, and warns',
    workload: 'boot no-flushcache pmem0=2M\nbio write pmem0 @0 512 fua',
    acked: 'weaker',
    synced: 'equal',
    before: { lost: 'none', events: ['n0:8*64 S S S'], log: [] },
    after: { lost: 'pmem0:0-511', events: ['c0:512 S S'], log: [WARNING] },
  },
  {
    name: 'no pmem api: block write',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 6.1; nvdimm-and-firmware.md 4.4',
    shows: 'before copies through the cache and says nothing; after copies past it and warns',
    workload: 'boot no-pmem-api pmem0=2M\nbio write pmem0 @0 512 fua',
    acked: 'stronger',
    synced: 'equal',
    before: { lost: 'pmem0:0-511', events: ['c0:512 S S'], log: [] },
    after: { lost: 'none', events: ['n0:8*64 S S'], log: [WARNING] },
  },
  {
    name: 'a CPU with clflush only',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 2',
    shows: 'write-backs become clflush, on both sides in the same places',
    workload: 'boot clflush pmem0=2M\ndax write pmem0:/f @5 iov 100\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none', events: ['S S', 'c5:1*3 n8:8*12 c104:1 S X0 X64'] }),
  },
  {
    name: 'a CPU with clflushopt',
    theme: CONFIGURATION,
    source: 'memory-and-dax.md 2',
    shows: 'the same with clflushopt',
    workload: 'boot clflushopt pmem0=2M\nstore pmem0:/f @0 8\nfsync pmem0:/f',
    ...onBothSides({ lost: 'none', events: ['O0*64 S S', 'c0:8'] }),
  },
];

export const blockScenarios: readonly Scenario[] = [
  ...bios,
  ...raw,
  ...switches,
  ...poison,
  ...domains,
  ...configuration,
];
