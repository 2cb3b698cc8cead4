/**
 * What the field `on` of a row names: a file system, a block device, a BTT or a namespace, on which disks, and how
 * device-mapper puts them together.
 */
import type { TraceRow } from './row.ts';

/** A mapped device as the row's text describes it. Sizes in bytes. */
export interface MappedShape {
  /** Size of each part of a linear table, or the chunk of a stripe. */
  readonly linearBytes?: readonly number[];
  readonly chunkBytes?: number;
}

export interface Place {
  readonly kind: 'dax file' | 'page cache file' | 'block device' | 'btt' | 'namespace';
  /** Names of the disks, in the order of the mapped device's table. */
  readonly members: readonly string[];
  readonly mapped: MappedShape | undefined;
  /** Sector size of a BTT. */
  readonly sectorBytes: number | undefined;
  /** What the memory under it is. */
  readonly memory: 'nvdimm' | 'e820' | 'ram disk';
}

const MEBIBYTE = 2 ** 20;
const KIBIBYTE = 1024;

/** Where a row's operation happened; `undefined` for a text that names nothing the model knows. */
export function placeOf({ on, op, disk = '' }: TraceRow): Place | undefined {
  const memory = /\be820\b/.test(`${on} ${disk}`)
    ? 'e820'
    : /\bbrd\b|\bram\d/.test(on)
      ? 'ram disk'
      : 'nvdimm';
  const mapped = mappedShape(on);
  const place = { members: membersOf(on), mapped, sectorBytes: sectorOf(on), memory } as const;
  if (/^bind_|^unbind_|_set_namespace$/.test(op)) return { ...place, kind: 'namespace' };
  if (/\bbtt\b/.test(on)) return { ...place, kind: 'btt' };
  if (on.startsWith('block device')) return { ...place, kind: 'block device' };
  if (/^\w+ \(no dax\) on /.test(on)) return { ...place, kind: 'page cache file' };
  if (/^\w+ dax on /.test(on)) return { ...place, kind: 'dax file' };
  return undefined;
}

/** `dm-linear pmem3(8 MiB)+pmem4(16 MiB)`, `dm-stripe 64 KiB chunk over pmem3,pmem4`, `dm-linear on pmem0`. */
function mappedShape(on: string): MappedShape | undefined {
  const chunk = /dm-stripe (\d+) KiB/.exec(on)?.[1];
  if (chunk !== undefined) return { chunkBytes: Number(chunk) * KIBIBYTE };
  if (!/dm-linear/.test(on)) return undefined;
  const sizes = [...on.matchAll(/\((\d+) MiB\)/g)].map(([, size]) => Number(size) * MEBIBYTE);
  return { linearBytes: sizes.length === 0 ? [16 * MEBIBYTE] : sizes };
}

function membersOf(on: string): string[] {
  return [...new Set(Array.from(on.matchAll(/\bpmem\d+(?:\.\d+)?\b/g), ([name]) => name))];
}

function sectorOf(on: string): number | undefined {
  const size = /\bbtt ?(?:sector )?(\d+)\b/.exec(on)?.[1];
  return size === undefined ? undefined : Number(size);
}
