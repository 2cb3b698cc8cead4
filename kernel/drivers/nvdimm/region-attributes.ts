/**
 * Files of a region in sysfs that the series does not change (drivers/nvdimm/region_devs.c; nvdimm-and-firmware.md
 * 4.7). Which of them a region has, and the files that depend on its type, are in each tree's `region_devs.ts`.
 */
import { badblocksShow, newBadBlocks } from '../../block/badblocks.ts';
import { EINVAL, ENXIO } from '../../errno.ts';
import { KernelOops } from '../../kernel.ts';
import type { NdRegion } from './nd.ts';

/** Most mappings of a region (ND_MAX_MAPPINGS). */
export const ND_MAX_MAPPINGS = 32;

/** One file: `show` gives its text or a negative error, `store` the bytes taken or a negative error. */
export interface DeviceAttribute<Device> {
  readonly show: (device: Device) => string | number;
  readonly store?: (device: Device, text: string) => number;
}

/** strtobool(text): y, Y, 1, on; n, N, 0, off (`o` may be upper case); everything else is -EINVAL. */
export function strtobool(text: string): boolean | number {
  const [first = '', second = ''] = text;
  if ('yY1'.includes(first) && first !== '') return true;
  if ('nN0'.includes(first) && first !== '') return false;
  if (!'oO'.includes(first) || second === '') return -EINVAL;
  if ('nN'.includes(second)) return true;
  return 'fF'.includes(second) ? false : -EINVAL;
}

/** read_only_store: sets the region's policy; disks take it over when they are revalidated. */
function readOnlyStore(region: NdRegion, text: string): number {
  const readOnly = strtobool(text);
  if (typeof readOnly === 'number') return readOnly;
  region.readOnly = readOnly;
  return text.length;
}

/** mappingN: dimm, start, size in decimal. */
function mappingShow(region: NdRegion, index: number): string | number {
  const mapping = region.mappings[index];
  if (mapping === undefined) return -ENXIO;
  return `${mapping.nvdimm.name},${mapping.start},${mapping.sizeBytes}\n`;
}

/** region_badblocks_show; with a table whose page was freed, a use after free. */
function regionBadblocksShow({ badblocks = newBadBlocks(), badblocksFreed }: NdRegion): string {
  if (badblocksFreed === true && badblocks.ranges.length > 0) {
    throw new KernelOops('use after free of the badblocks page of a region');
  }
  return badblocksShow(badblocks);
}

const seedShow =
  (kind: 'namespace' | 'btt' | 'pfn' | 'dax') =>
  ({ children }: NdRegion): string =>
    `${children?.seeds[kind] ?? ''}\n`;

const hexadecimal = (value: number): string => `0x${value.toString(16)}\n`;

/** Files whose content does not depend on the type of the region, by name. */
export const REGION_ATTRIBUTES: ReadonlyMap<string, DeviceAttribute<NdRegion>> = new Map<
  string,
  DeviceAttribute<NdRegion>
>([
  ['mappings', { show: ({ mappings }) => `${mappings.length}\n` }],
  ['btt_seed', { show: seedShow('btt') }],
  ['namespace_seed', { show: seedShow('namespace') }],
  ['pfn_seed', { show: seedShow('pfn') }],
  ['dax_seed', { show: seedShow('dax') }],
  ['read_only', { show: ({ readOnly }) => (readOnly ? '1\n' : '0\n'), store: readOnlyStore }],
  [
    'init_namespaces',
    {
      show: ({ children }) => (children === undefined ? -ENXIO : `${children.active}/${children.count}\n`),
    },
  ],
  ['badblocks', { show: regionBadblocksShow }],
  ['resource', { show: ({ start }) => hexadecimal(start) }],
  ['numa_node', { show: ({ numaNode }) => `${numaNode ?? -1}\n` }],
  ['devtype', { show: ({ type }) => `${type}\n` }],
  ['nfit/range_index', { show: ({ rangeIndex }) => `${rangeIndex ?? 0}\n` }],
  ...Array.from({ length: ND_MAX_MAPPINGS }, (_, index): [string, DeviceAttribute<NdRegion>] => [
    `mapping${index}`,
    { show: (region) => mappingShow(region, index) },
  ]),
]);
