/** A file in sysfs, whoever owns it, and the number parsing that several of them share (lib/kstrtox.c). */
import { EINVAL } from '../errno.ts';

/** One file. A file that its device does not have is missing, not of mode 0. */
export interface SysfsFile {
  /** 0o444, 0o644 or 0o200. */
  readonly mode: number;
  /** Its text, or a negative error. */
  readonly show?: () => string | number;
  /** The bytes taken, or a negative error. */
  readonly store?: (text: string) => number;
}

/** Files of one device by their path below it. */
export type SysfsFiles = ReadonlyMap<string, SysfsFile>;

/** A read-only file with that text. */
export function textFile(text: string | number): SysfsFile {
  return { mode: 0o444, show: () => (typeof text === 'string' ? `${text}\n` : text) };
}

/** kstrtoull with base 0: decimal or 0x…, at most one line end behind it; -EINVAL for everything else. */
export function parseUnsigned(text: string): number {
  const match = /^\+?(0x[0-9a-f]+|\d+)\n?$/i.exec(text);
  return match === null ? -EINVAL : Number(match[1]);
}
