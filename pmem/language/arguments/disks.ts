/** Arguments that name a disk, a file on one, or a path below one in sysfs. */
import type { FileName } from '#kernel/subsystem/operation.ts';
import type { Argument } from '../argument.ts';
import { requireDisk, requirePmem } from '../check-place.ts';

const diskNamed = (usage: string, allowed: string): Argument<string> => ({
  usage,
  take: (reader) => reader.take(allowed).text,
  text: (value) => value,
  mapDisks: (value, rename) => rename(value),
});

/** Any disk. */
export const disk: Argument<string> = {
  ...diskNamed('DISK', 'a disk, such as pmem0, ram0 or dm-0'),
  check: (value, place) => requireDisk(place, value),
};

/** The disk of a namespace, or that namespace without its driver. */
export const pmem: Argument<string> = {
  ...diskNamed('PMEM', 'the disk of a namespace, such as pmem0 or ndblk0.0'),
  check: (value, place) => requirePmem(place, value),
};

/** A character that separates words, members of tables, or a disk from what follows it. */
const SEPARATOR = /[\s@,:/;"#]/;

/** A disk that the operation makes; its name must be one that other operations can say. */
export const newDisk: Argument<string> = {
  ...diskNamed('NAME', 'a name, such as dm-0'),
  take: (reader) => {
    const allowed = 'a name, such as dm-0, without any of @ , : / ; " #';
    const word = reader.take(allowed);
    if (SEPARATOR.test(word.text)) throw reader.error(word, `'${word.text}' is not a name`, allowed);
    return word.text;
  },
};

/** A file of the DAX file system on a disk. */
export const file: Argument<FileName> = {
  usage: 'DISK:/PATH',
  take: (reader) => {
    const allowed = 'DISK:/PATH, such as pmem0:/f';
    const word = reader.take(allowed);
    const match = /^([^:/]+):(\/.+)$/.exec(word.text);
    if (match === null) throw reader.error(word, `'${word.text}' is not a file`, allowed);
    return { disk: match[1] ?? '', path: match[2] ?? '' };
  },
  text: fileText,
  check: (value, place) => requireDisk(place, value.disk),
  mapDisks: (value, rename) => ({ ...value, disk: rename(value.disk) }),
};

/** `DISK:/PATH`, which is different for each file. */
export function fileText({ disk: ofDisk, path }: FileName): string {
  return `${ofDisk}:${path}`;
}

/** The disk in a path of sysfs, and what stands before and behind it. */
const SYSFS_DISK = /^((?:\/sys)?(?:\/block\/)?)([^/]+)(\/.*)$/;

/** The disk that an attribute is one of, if its path begins with one. */
export const diskInPath = (path: string): string | undefined => SYSFS_DISK.exec(path)?.[2];

/** A path in sysfs; only the kernel knows which there are. */
export function sysfsPath(usage: string, example: string): Argument<string> {
  return {
    usage,
    take: (reader) => reader.take(`a path, such as ${example}`).text,
    text: (path) => path,
    mapDisks: (path, rename) =>
      path.replace(
        SYSFS_DISK,
        (_, before: string, inPath: string, behind: string) => `${before}${rename(inPath)}${behind}`,
      ),
  };
}
