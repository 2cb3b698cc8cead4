/** Operations on attributes in sysfs. */
import type { Argument } from '../argument.ts';
import { diskInPath, sysfsPath } from '../arguments/disks.ts';
import { describe } from '../descriptor.ts';
import { formatText } from '../quoted-text.ts';

const attribute = sysfsPath('DISK/ATTRIBUTE', 'pmem0/queue/write_cache');

const text: Argument<string> = {
  usage: '"TEXT"',
  take: (reader) => reader.takeText(),
  text: formatText,
};

const disk = ({ path }: { readonly path: string }): string | undefined => diskInPath(path);

export const SYSFS_OPERATIONS = describe({
  'sysfs read': {
    meaning: 'reads an attribute below /sys/block, or any /sys/block/… and /sys/bus/nd/… path',
    arguments: { path: attribute },
    disk,
  },
  'sysfs write': {
    meaning: 'writes an attribute',
    arguments: { path: attribute, text },
    disk,
    follow: (step, { writeCache }) => {
      if (!step.path.endsWith('queue/write_cache')) return;
      const ofDisk = diskInPath(step.path) ?? '';
      if (step.text.startsWith('write back')) writeCache.set(ofDisk, 'write back');
      if (/^(?:write through|none)/.test(step.text)) writeCache.set(ofDisk, 'write through');
    },
    // nvdimm-and-firmware.md 4.7; only a true value is taken.
    promises: ({ path }) => {
      const region = /([^/]+)\/deep_flush$/.exec(path)?.[1];
      return region === undefined ? [] : [{ of: 'blocks of region', region }];
    },
  },
  'sysfs list': {
    meaning: 'lists the devices of /sys/block or /sys/bus/nd/devices, or the files of one device',
    arguments: { path: sysfsPath('PATH', '/sys/bus/nd/devices') },
    disk,
  },
});
