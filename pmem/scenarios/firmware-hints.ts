/** Flush hints of regions from firmware tables, volatile ones too (nvdimm-and-firmware.md 4.2, 4.7, 15.1, 18.2, 18.4). */
import type { Scenario } from '../scenario.ts';
import { onBothSides } from './equal-images.ts';

const HINTS = 'firmware: flush hints';
const DEFECTS = 'firmware: standing defects';

const hints: readonly Scenario[] = [
  {
    name: '18.4.19 two of four dimms share a hint',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 4.2, 18.4.19',
    shows: 'an address is stored to once: three hint stores for four dimms',
    workload: 'boot adr clwb nfit=shared-hint\nflush pmem0',
    ...onBothSides({ lost: 'none', events: ['S Hnmem0.0 Hnmem1.0 Hnmem2.0 S'] }),
  },
  {
    name: 'a shared hint drains both dimms',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 18.2',
    shows: 'without ADR, a dimm whose hint was dropped is covered by its twin',
    workload: 'boot none clwb nfit=shared-hint\nbio write pmem0 @0 4096 fua',
    ...onBothSides({ lost: 'none' }),
  },
  {
    name: '15.1 d a dimm with hints and one without',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 4.2, 15.1 d (standing defect)',
    shows: 'the region driver follows the missing hint into NULL when it activates the region',
    workload: 'boot adr clwb nfit=mixed-dimms\nsysfs list /sys/block',
    ...onBothSides({ lost: 'none', results: ['oops: NULL dereference of flush_wpq[0]'] }),
  },
  {
    name: '18.4.10 PREFLUSH on a volatile region with hints',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 11.2, 12, 18.4.10',
    shows:
      'after, the queue has no write cache: the block layer strips PREFLUSH and FUA, no hint is stored to',
    workload: 'boot adr clwb nfit=volatile-hints\nbio write pmem0 @0 512 preflush fua\nflush pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV', '-ENODEV'] },
    after: { lost: 'none', results: ['0', '512'], events: ['', 'pmem0@n0:8*64'] },
  },
  {
    name: '18.4.21 removing a volatile disk',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 2.8, 12, 18.4.21',
    shows: 'one flush with its hint stores, although nothing is promised',
    workload: 'boot adr clwb nfit=volatile-hints\ndetach pmem0',
    acked: 'equal',
    synced: 'equal',
    before: { lost: 'none', results: ['-ENODEV'], events: [''] },
    after: { lost: 'none', results: ['0'], events: ['S Hnmem0.0 S'] },
  },
  {
    name: 'deep_flush of a volatile region with hints',
    theme: HINTS,
    source: 'nvdimm-and-firmware.md 4.7, 12',
    shows: 'the file can be written, and flushes: the one way to reach the hints of such a region',
    workload: [
      'boot adr clwb nfit=volatile-hints',
      'sysfs write /sys/bus/nd/devices/region1/deep_flush "1"',
      'sysfs write /sys/bus/nd/devices/region1/deep_flush "0"',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['-EINVAL', '1'], events: ['', 'S Hnmem0.0 S'] }),
  },
  {
    name: '15.1 A deep_flush of a region without driver',
    theme: DEFECTS,
    source: 'nvdimm-and-firmware.md 4.7, 15.1 A (standing defect)',
    shows: 'the flush looks for hints in driver data that is not there',
    workload: [
      'boot adr clwb nfit=pmem-hints',
      'sysfs write /sys/bus/nd/drivers/nd_region/unbind "region0"',
      'sysfs write /sys/bus/nd/devices/region0/deep_flush "1"',
    ].join('\n'),
    ...onBothSides({ lost: 'none', results: ['oops: NULL dereference of nd_region drvdata', '7'] }),
  },
];

export const hintScenarios: readonly Scenario[] = hints;
