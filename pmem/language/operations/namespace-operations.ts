/** Operations that make, change and remove namespaces, and what they need of dimms. */
import type { Argument } from '../argument.ts';
import { pmem } from '../arguments/disks.ts';
import { personality } from '../arguments/personality.ts';
import { flag, name, size } from '../arguments/values.ts';
import { describe } from '../descriptor.ts';
import { formatSize } from '../sizes.ts';

/** The disk of a BTT is called after that of its namespace. */
const bttDisk = (disk: string): string => `${disk}s`;

/** Sector size of a namespace on block windows. */
const sector: Argument<number | undefined> = {
  usage: '[sector SIZE]',
  take: (reader) => (reader.takeIf('sector') ? reader.takeSize() : undefined),
  text: (sectorBytes) => (sectorBytes === undefined ? '' : `sector ${formatSize(sectorBytes)}`),
  simpler: (sectorBytes) => (sectorBytes === undefined ? [] : [undefined]),
};

const dimm = name('DIMM', 'a dimm, such as nmem0');

/** Bits of the commands that fail. */
const mask: Argument<number> = {
  usage: 'MASK',
  take: (reader) => reader.takeSize(),
  text: (bits) => `0x${bits.toString(16)}`,
};

export const NAMESPACE_OPERATIONS = describe({
  personality: {
    meaning:
      'makes a namespace a plain disk, a BTT (disk PMEMs), a pfn or a dax device; struct pages in RAM or on the device',
    arguments: { disk: pmem, personality },
    makes: ({ disk }) => ({ disk: bttDisk(disk), members: [disk] }),
    check: (step, { devices: { sizes } }) => {
      if (step.personality.type !== 'btt') return;
      sizes.set(bttDisk(step.disk), sizes.get(step.disk) ?? Number.MAX_SAFE_INTEGER);
    },
  },
  'check namespace': {
    name: 'check-namespace',
    meaning:
      'ndctl check-namespace: checks the BTT on a detached namespace; `force` detaches it for that, `repair` puts right what can be',
    arguments: { disk: pmem, force: flag('force'), repair: flag('repair') },
  },
  'create namespace': {
    name: 'create-namespace',
    meaning:
      'gives the next namespace of a region a uuid, a sector size (block windows only) and a size, and binds it',
    arguments: {
      region: name('REGION', 'a region, such as region5'),
      sizeBytes: size,
      sectorBytes: sector,
      personality,
    },
  },
  'destroy namespace': {
    name: 'destroy-namespace',
    meaning: 'unbinds what is over a namespace, and gives its room and its labels back',
    arguments: { namespace: name('NAMESPACE', 'a namespace, such as namespace5.0') },
  },
  'zero labels': {
    name: 'zero-labels',
    meaning: 'wipes the label area of a dimm; its regions must be unbound',
    arguments: { dimm },
  },
  'fail commands': {
    name: 'fail-commands',
    meaning:
      'the dimm fails commands from here on: bit 4 for get_config_size, 5 for get_config_data, 6 for set_config_data',
    arguments: { dimm, mask },
  },
});
