/**
 * What nobody is owed any more because an administrator declared a cache away that something relied on
 * (nvdimm-and-firmware.md 14, 15.2 g): what a write-back spends the dirty tags of and does not flush, and zeros that leave
 * no tag. Whatever is written later, with the cache declared back, is owed again.
 */
import type { FileName, Operation } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import { disksBelow } from './locate.ts';
import { total } from './ranges.ts';
import type { PromiseState } from './state.ts';

/** A part of a file. */
interface FileRange {
  readonly file: FileName;
  readonly from: number;
  readonly to: number;
}

const HUGE_PAGE_BYTES = 2 ** 21;

/** Behind the last byte that any file has. */
const FILE_END = 2 ** 52;

/** Waives what the successful operation `index` lets go of while the cache is declared away. */
export function waive(state: PromiseState, operation: Operation, index: number): void {
  if (!('file' in operation) || state.isCacheOn(operation.file.disk)) return;
  if (leavesNoTag(operation)) state.memory.waive(({ version }) => version.operation === index);
  const range = writtenBack(operation);
  if (range === undefined) return;
  // A dirty tag is that of a whole entry.
  const unit = mayBeHuge(state, range.file.disk) ? HUGE_PAGE_BYTES : PAGE_SIZE_BYTES;
  const [from, to] = [roundDown(range.from, unit), roundUp(range.to, unit)];
  state.memory.waive(
    ({ version: { route, position, chain } }) =>
      route.kind === 'file' &&
      route.path === range.file.path &&
      route.disk === range.file.disk &&
      position >= from &&
      position < to &&
      !state.caches.isOn(chain),
  );
}

/** Whether the operation zeroes parts of pages through the cache. */
function leavesNoTag({ kind }: Operation): boolean {
  return kind === 'zero' || kind === 'zero in place' || kind === 'punch' || kind === 'truncate';
}

/** The part of a file whose dirty entries the operation writes back. */
function writtenBack(operation: Operation): FileRange | undefined {
  switch (operation.kind) {
    case 'fsync':
      return { file: operation.file, from: 0, to: FILE_END };
    case 'msync':
      return operation.waits ? rangeOf(operation) : undefined;
    case 'zero':
    case 'punch':
      return rangeOf(operation);
    case 'dax write': {
      const { file, offset, vector, sync } = operation;
      return sync ? rangeOf({ file, offset, sizeBytes: total(vector.lengths) }) : undefined;
    }
    default:
      return undefined;
  }
}

function rangeOf(operation: {
  readonly file: FileName;
  readonly offset: number;
  readonly sizeBytes: number;
}): FileRange {
  const { file, offset, sizeBytes } = operation;
  return { file, from: offset, to: offset + sizeBytes };
}

/** Whether memory below a disk has struct pages, so that its files can be mapped in pages of 2 MiB. */
function mayBeHuge(state: PromiseState, disk: string): boolean {
  const { devices, legacyRanges = [] } = state.workload.boot;
  return disksBelow(state.tables, disk).some((name) => {
    const place = state.placeOf(name);
    const isPfn = place?.kind === 'memory' && place.start > place.namespaceStart;
    const isMapped = devices.some(
      (device) => device.name === name && device.kind === 'pmem' && device.hasStructPages,
    );
    return isPfn || isMapped || (legacyRanges.length > 0 && place?.kind === 'memory');
  });
}
