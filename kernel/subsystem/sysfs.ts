/**
 * sysfs as far as it is modelled: /sys/block and /sys/bus/nd. A path may leave out `/sys`, and `/block` with it:
 * `pmem0/queue/write_cache` is a disk's file. A file that its device does not have is not there (-ENOENT); one that has
 * nothing to read, or takes nothing, can not be opened for that, not even by root (kernfs_fop_open: -EACCES).
 */
import { EACCES, ENOENT } from '../errno.ts';
import { diskFiles } from './sysfs-disk.ts';
import type { SysfsFiles } from '../fs/sysfs-file.ts';
import { driverFiles, ndDeviceFiles, ndDevices } from './sysfs-nd.ts';
import type { System } from './system.ts';

/** A path as the folder of a device and the file below it. */
interface SysfsPlace {
  readonly files: SysfsFiles;
  readonly file: string;
}

const ND_DEVICES = '/bus/nd/devices/';
const ND_DRIVERS = '/bus/nd/drivers/';

function findPlace(system: System, path: string): SysfsPlace | undefined {
  const place = path.replace(/^\/sys(?=\/)/, '').replace(/\/$/, '');
  const folder = [ND_DEVICES, ND_DRIVERS, '/block/'].find((start) => place.startsWith(start)) ?? '';
  const [device = '', ...below] = place.slice(folder.length).split('/');
  const files = filesOf(system, folder, device);
  return files === undefined ? undefined : { files, file: below.join('/') };
}

function filesOf(system: System, folder: string, device: string): SysfsFiles | undefined {
  if (folder === ND_DRIVERS) return driverFiles(system, device);
  if (folder === ND_DEVICES) return ndDeviceFiles(system, device);
  const disk = system.kernel.disks.get(device);
  return disk === undefined ? undefined : diskFiles(disk);
}

/** Reads an attribute, e.g. `pmem0/queue/write_cache`. Returns its text, -ENOENT, -EACCES or the attribute's error. */
export function sysfsRead(system: System, path: string): string | number {
  const place = findPlace(system, path);
  const file = place?.files.get(place.file);
  if (file === undefined) return -ENOENT;
  return file.show?.() ?? -EACCES;
}

/** Writes an attribute. Returns the bytes taken, -ENOENT, -EACCES for a read-only file, or the attribute's error. */
export function sysfsWrite(system: System, path: string, text: string): number {
  const place = findPlace(system, path);
  const file = place?.files.get(place.file);
  if (file === undefined) return -ENOENT;
  if ((file.mode & 0o222) === 0) return -EACCES;
  return file.store?.(text) ?? -EACCES;
}

/**
 * Names below a path, sorted: the devices of /sys/block or /sys/bus/nd/devices, or the files of one device (those in
 * a folder with its name in front).
 */
export function sysfsList(system: System, path: string): string[] | number {
  const place = path.replace(/^\/sys(?=\/)/, '').replace(/\/$/, '');
  if (place === '/block') return [...system.kernel.disks.keys()].sort();
  if (`${place}/` === ND_DEVICES) return Array.from(ndDevices(system), ([name]) => name).sort();
  const found = findPlace(system, path);
  if (found === undefined || found.file !== '') return -ENOENT;
  return [...found.files.keys()].sort();
}
