/** Random operations on disks, namespaces and the platform, each family under its name. */
import { type Arbitrary, array, constantFrom, tuple } from 'fast-check';
import type { Machine } from './machines.ts';
import { edge, pageNumber, sector, sectors, size } from './places.ts';

const flags = constantFrom('', '', ' fua', ' preflush', ' preflush fua');

/** The operations that disks of a machine can take. */
export function diskOperations({ disks, pmem: namespaces }: Machine): Record<string, Arbitrary<string>> {
  const disk = constantFrom(...disks);
  const pmem = constantFrom(...namespaces);
  return {
    bioWrite: tuple(disk, sector, array(sectors, { minLength: 1, maxLength: 3 }), flags).map(
      ([name, at, lengths, more]) => `bio write ${name} @${at} ${lengths.join(',')}${more}`,
    ),
    bioRead: tuple(disk, sector, sectors).map(([name, at, bytes]) => `bio read ${name} @${at} ${bytes}`),
    page: tuple(constantFrom('write', 'read'), disk, pageNumber).map(
      ([kind, name, page]) => `page ${kind} ${name} @${page * 4096}`,
    ),
    zeroout: tuple(disk, sector, sectors).map(([name, at, bytes]) => `zeroout ${name} @${at} ${bytes}`),
    flush: disk.map((name) => `flush ${name}`),
    switch: tuple(disk, constantFrom('write back', 'write through')).map(
      ([name, text]) => `sysfs write ${name}/queue/write_cache "${text}"`,
    ),
    raw: tuple(
      pmem,
      edge(8192, 64),
      size,
      constantFrom('write', 'write', 'read'),
      constantFrom('', ' bytes 5aa5'),
    ).map(
      ([name, at, bytes, kind, pattern]) =>
        `raw ${kind} ${name} @${at} ${bytes}${kind === 'write' ? pattern : ''}`,
    ),
    driver: tuple(constantFrom('detach', 'attach', 'shutdown'), pmem).map(
      ([kind, name]) => `${kind} ${name}`,
    ),
    deepFlush: constantFrom('sysfs write /sys/bus/nd/devices/region0/deep_flush "1"'),
    poison: tuple(
      constantFrom('poison', 'media-poison', 'clear-error'),
      pmem,
      edge(8192, 512),
      constantFrom(1, 64, 512, 700),
    ).map(([kind, name, at, bytes]) => `${kind} ${name} @${at} ${bytes}`),
    platform: constantFrom(
      'platform clear-fails 1',
      'platform clear-fails 0',
      'platform clear-limit 256',
      'machine-check pmem0 @576',
    ),
    crash: constantFrom('crash', 'crash', 'crash best'),
  };
}
