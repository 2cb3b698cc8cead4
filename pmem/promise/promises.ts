/**
 * What the success of an operation promises: which versions survive a power failure from here on (POSIX fsync, msync
 * and O_DSYNC; the block layer's text on PREFLUSH and FUA; nvdimm-and-firmware.md 2.8, 4.7, 5). Writes to BTTs and
 * block windows promise themselves when they return: `Content.isDurable` of what they write.
 */
import type { Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import type { PromiseState } from './state.ts';
import { addressOf, type PendingVersion, type Version } from './versions.ts';

type Covers = (version: Version, address: number) => boolean;

/** Makes what `operation` promises durable and returns it; waives what it would cover were the cache not declared away. */
export function keepPromises(
  state: PromiseState,
  operation: Operation,
  index: number,
  result: OperationResult,
): PendingVersion[] {
  const covers = coverageOf(state, operation, index, result);
  if (covers === undefined) return [];
  const { memory } = state;
  if (operation.kind === 'fsync' || operation.kind === 'msync')
    memory.waive(
      (pending) => !state.caches.isOn(pending.version.chain) && covers(pending.version, addressOf(pending)),
    );
  return memory.promise((pending) => {
    const address = addressOf(pending);
    return covers(pending.version, address) && state.isOwed(address);
  });
}

/**
 * Zeros over parts of pages go through the cache and leave no tag: where the cache is declared away when they are
 * written, no later promise covers them.
 */
export function waiveZeros(state: PromiseState, operation: Operation, index: number): void {
  switch (operation.kind) {
    case 'zero':
    case 'zero in place':
    case 'punch':
    case 'truncate':
      if (!state.isCacheOn(operation.file.disk))
        state.memory.waive(({ version }) => version.operation === index);
      return;
    default:
  }
}

/** Which versions the success of an operation covers; `undefined` when it promises nothing. */
function coverageOf(
  state: PromiseState,
  operation: Operation,
  index: number,
  result: OperationResult,
): Covers | undefined {
  switch (operation.kind) {
    case 'fsync':
      return fileVersions(state, operation.file, 0, Infinity);
    case 'msync': {
      if (!operation.waits) return undefined;
      const { file, offset, sizeBytes } = operation;
      return fileVersions(
        state,
        file,
        roundDown(offset, PAGE_SIZE_BYTES),
        roundUp(offset + sizeBytes, PAGE_SIZE_BYTES),
      );
    }
    case 'dax write':
      if (!operation.sync || !state.isCacheOn(operation.file.disk) || result.returned === 0) return undefined;
      return ({ operation: writer, route }) => writer === index && route.kind === 'file' && !route.isFill;
    case 'flush':
      return earlierBlocks(state, operation.disk, index);
    case 'bio write':
      return bioCoverage(state, operation, index);
    case 'raw write':
      return ({ operation: writer }) => writer === index;
    case 'detach':
    case 'shutdown':
      return ({ route, chain }) => route.kind === 'block' && chain.at(-1) === operation.disk;
    case 'sysfs write': {
      const region = deepFlushed(operation.path);
      return region === undefined ? undefined : blocksOf(state, region);
    }
    default:
      return undefined;
  }
}

/** Versions of a file in `[from, to)` that are still where the file is. */
function fileVersions(
  state: PromiseState,
  name: { readonly disk: string; readonly path: string },
  from: number,
  to: number,
): Covers {
  const extents = (state.fileAfter(name)?.extents ?? []).filter(({ written }) => written);
  return ({ route, position }) =>
    route.kind === 'file' &&
    route.path === name.path &&
    route.disk === name.disk &&
    position >= from &&
    position < to &&
    extents.some(
      ({ filePage, pageCount, devicePage }) =>
        (devicePage - filePage) * PAGE_SIZE_BYTES === route.delta &&
        position >= filePage * PAGE_SIZE_BYTES &&
        position < (filePage + pageCount) * PAGE_SIZE_BYTES,
    );
}

/** Block versions of earlier operations that went through `disk`, as far as nothing from there down declares its cache away. */
export function earlierBlocks({ caches }: PromiseState, disk: string, index: number): Covers {
  return ({ operation, route, chain }) =>
    route.kind === 'block' &&
    operation !== index &&
    chain.includes(disk) &&
    caches.isOn(chain.slice(chain.indexOf(disk)));
}

function bioCoverage(
  state: PromiseState,
  { disk, preflush, fua }: Extract<Operation, { kind: 'bio write' | 'bio read' }>,
  index: number,
): Covers | undefined {
  const earlier = preflush ? earlierBlocks(state, disk, index) : () => false;
  const own: Covers = ({ operation, chain }) => fua && operation === index && state.caches.isOn(chain);
  return (version, address) => own(version, address) || earlier(version, address);
}

/** The region whose `deep_flush` a path names. */
export function deepFlushed(path: string): string | undefined {
  return /(region\d+)\/deep_flush$/.exec(path)?.[1];
}

function blocksOf({ after }: PromiseState, region: string): Covers {
  const places = after.places.filter((place) => place.region === region && place.namespaceStart >= 0);
  return ({ route }, address) =>
    route.kind === 'block' &&
    places.some(
      ({ namespaceStart: start, namespaceBytes }) => address >= start && address < start + namespaceBytes,
    );
}
