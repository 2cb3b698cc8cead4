/**
 * Which contents of a byte its versions allow. After a power failure: what the newest promised version wrote, or
 * anything newer. In a read: what the newest version wrote, or anything newer that may or may not be there.
 */
import type { Page, Version } from './versions.ts';

/** What the contents are those of. */
export type Moment = 'power failure' | 'read';

/** A byte that holds what it must not. */
export interface RefusedByte {
  /** Byte in the page, and what it holds. */
  readonly offset: number;
  readonly value: number;
  /** The version that should have been there; none when it should hold what it did at power-on. */
  readonly version: Version | undefined;
  /** The byte held this once, but not since a version that is there for certain. */
  readonly isOlder: boolean;
}

/** Whether a version hides everything older. */
function isCertain(version: Version, moment: Moment): boolean {
  return !version.isMaybe && (moment === 'read' || version.isDurable);
}

/**
 * Holds the bytes `[from, to)` of a page to its versions: byte `from` is `data[at]`. Calls `visit` for each that is
 * refused, in no particular order.
 */
export function eachRefusedByte(
  page: Page,
  range: { readonly from: number; readonly to: number },
  data: Uint8Array,
  at: number,
  moment: Moment,
  visit: (refused: RefusedByte) => void,
): void {
  const shift = at - range.from;
  const check = (from: number, to: number, newest: number): void => {
    if (from >= to) return;
    for (let index = newest; index >= 0; index--) {
      const version = page.versions[index];
      if (version === undefined || version.to <= from || version.from >= to) continue;
      const [first, end] = [Math.max(from, version.from), Math.min(to, version.to)];
      check(from, first, index - 1);
      check(end, to, index - 1);
      const isSame =
        version.bytes === undefined ||
        sameBytes(version.bytes, version.at + first - version.from, data, first + shift, end - first);
      if (!isSame) checkOneByOne(first, end);
      return;
    }
    if (page.base === 'any') return;
    const isSame =
      page.base === undefined
        ? isZero(data, from + shift, to - from)
        : sameBytes(page.base, from, data, from + shift, to - from);
    if (!isSame) checkOneByOne(from, to);
  };
  const checkOneByOne = (from: number, to: number): void => {
    for (let offset = from; offset < to; offset++) {
      const refused = refuse(page, offset, data[offset + shift] ?? 0, moment);
      if (refused !== undefined) visit(refused);
    }
  };
  check(range.from, range.to, page.versions.length - 1);
}

/** Why byte `offset` of a page may not hold `value`; `undefined` when it may. */
export function refuse(page: Page, offset: number, value: number, moment: Moment): RefusedByte | undefined {
  let certain: Version | undefined;
  let newest: Version | undefined;
  for (let index = page.versions.length - 1; index >= 0; index--) {
    const version = page.versions[index];
    if (version === undefined || offset < version.from || offset >= version.to) continue;
    newest ??= version;
    if (version.bytes === undefined || version.bytes[version.at + offset - version.from] === value)
      return certain === undefined ? undefined : { offset, value, version: certain, isOlder: true };
    if (certain === undefined && isCertain(version, moment)) certain = version;
  }
  const isBase = page.base === 'any' || (page.base?.[offset] ?? 0) === value;
  if (isBase && certain === undefined) return undefined;
  return { offset, value, version: certain ?? newest, isOlder: isBase };
}

/** Below this it is quicker to compare bytes one by one. */
const FEW_BYTES = 32;

function sameBytes(
  left: Uint8Array,
  leftStart: number,
  right: Uint8Array,
  rightStart: number,
  length: number,
): boolean {
  if (length > FEW_BYTES) {
    const [one, other] = [
      left.subarray(leftStart, leftStart + length),
      right.subarray(rightStart, rightStart + length),
    ];
    return Buffer.compare(one, other) === 0;
  }
  for (let index = 0; index < length; index++)
    if (left[leftStart + index] !== right[rightStart + index]) return false;
  return true;
}

const ZEROS = new Uint8Array(4096);

function isZero(data: Uint8Array, start: number, length: number): boolean {
  return sameBytes(ZEROS, 0, data, start, length);
}
