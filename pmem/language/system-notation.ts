/** The part of the workload language that works on the whole machine: sysfs, poison, the platform, tasks, power. */
import { NAMESPACE_OPERATIONS } from './namespace-notation.ts';
import { DISK_ALLOWED, type OperationNotation, at, diskOperation, notation } from './operation-notation.ts';
import { type WordReader, formatSize, formatText } from './words.ts';

const PLATFORM_SETTINGS = ['clear-unit', 'clear-limit', 'clear-fails', 'ars-records'] as const;

export const SYSTEM_OPERATIONS: readonly OperationNotation[] = [
  notation(
    'sysfs read',
    'sysfs read',
    'DISK/ATTRIBUTE',
    'reads an attribute below /sys/block, or any /sys/block/… and /sys/bus/nd/… path',
    (reader) => ({ kind: 'sysfs read', path: reader.take('a path, such as pmem0/queue/write_cache').text }),
    ({ path }) => path,
  ),
  notation(
    'sysfs write',
    'sysfs write',
    'DISK/ATTRIBUTE "TEXT"',
    'writes an attribute',
    (reader) => {
      const path = reader.take('a path, such as pmem0/queue/write_cache').text;
      return { kind: 'sysfs write', path, text: reader.takeText() };
    },
    ({ path, text }) => `${path} ${formatText(text)}`,
  ),
  notation(
    'sysfs list',
    'sysfs list',
    'PATH',
    'lists the devices of /sys/block or /sys/bus/nd/devices, or the files of one device',
    (reader) => ({ kind: 'sysfs list', path: reader.take('a path, such as /sys/bus/nd/devices').text }),
    ({ path }) => path,
  ),
  notation(
    'poison',
    'poison',
    'PMEM @OFFSET SIZE',
    'the platform reports bytes as poisoned',
    (reader) => ({ kind: 'poison', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'media poison',
    'media-poison',
    'PMEM @OFFSET SIZE',
    'media goes bad without anybody knowing',
    (reader) => ({ kind: 'media poison', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'clear error',
    'clear-error',
    'PMEM @OFFSET SIZE',
    'user space has the platform clear poison, past the disk (the ioctl ND_CMD_CLEAR_ERROR)',
    (reader) => ({ kind: 'clear error', ...parsePoison(reader) }),
    ({ disk, offset, sizeBytes }) => `${disk} ${at(offset)} ${formatSize(sizeBytes)}`,
  ),
  notation(
    'machine check',
    'machine-check',
    'PMEM @OFFSET',
    'media goes bad and the processor reports the place, which only the driver of `nfit` buses listens to',
    (reader) => ({
      kind: 'machine check',
      disk: reader.take(DISK_ALLOWED).text,
      offset: reader.takeOffset(),
    }),
    ({ disk, offset }) => `${disk} ${at(offset)}`,
  ),
  notation(
    'platform',
    'platform',
    'clear-unit|clear-limit|clear-fails|ars-records NUMBER',
    'sets how the platform clears poison (unit, most bytes at once, 1 for never) and how many records a scrub holds',
    (reader) => ({
      kind: 'platform',
      setting: reader.takeOneOf(PLATFORM_SETTINGS, 'a setting of the platform'),
      value: reader.takeSize(),
    }),
    ({ setting, value }) => `${setting} ${formatSize(value)}`,
  ),
  ...NAMESPACE_OPERATIONS,
  diskOperation('kill', 'kill_dax: the dax device dies'),
  diskOperation('detach', 'unbinds the pmem driver'),
  diskOperation('attach', 'binds it again'),
  diskOperation('shutdown', 'tells the pmem driver of a shutdown'),
  notation(
    'pid',
    'pid',
    'NUMBER',
    'the task that runs from here on; flush hints are chosen by it',
    (reader) => ({ kind: 'pid', pid: reader.takeSize() }),
    ({ pid }) => String(pid),
  ),
  notation(
    'signal',
    'signal',
    'on|off',
    'a fatal signal is pending for the task',
    (reader) => ({ kind: 'signal', pending: reader.takeOneOf(['on', 'off'] as const, 'on or off') === 'on' }),
    ({ pending }) => (pending ? 'on' : 'off'),
  ),
  notation(
    'crash',
    'crash',
    '[worst|best]',
    'power failure and reboot: only what is guaranteed is left (worst, default), or all that was stored (best)',
    (reader) => ({
      kind: 'crash',
      image: reader.peek() === undefined ? 'worst' : reader.takeOneOf(['worst', 'best'] as const, 'an image'),
    }),
    ({ image }) => (image === 'worst' ? '' : image),
  ),
];

function parsePoison(reader: WordReader): { disk: string; offset: number; sizeBytes: number } {
  return { disk: reader.take(DISK_ALLOWED).text, offset: reader.takeOffset(), sizeBytes: reader.takeSize() };
}
