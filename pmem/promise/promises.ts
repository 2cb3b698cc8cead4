/**
 * What the success of an operation promises: which versions survive a power failure from here on. What each operation
 * covers stands in its descriptor (`pmem/language/operations/`). Writes to BTTs and block windows promise themselves when
 * they return: `Content.isDurable` of what they write.
 */
import type { Operation } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { Promised } from '../language/descriptor.ts';
import { descriptorOf } from '../language/operations.ts';
import type { PromiseState } from './state.ts';
import { addressOf, type PendingVersion, type Version } from './versions.ts';

type Covers = (version: Version, address: number) => boolean;

/**
 * Makes what the success of `operation` promises durable, and returns it. Nothing that `rival` wrote, an operation that ran at the same
 * time: it had not returned when this one began.
 */
export function keepPromises(
  state: PromiseState,
  operation: Operation,
  index: number,
  rival?: number,
): PendingVersion[] {
  const promised = descriptorOf(operation).promises?.(operation) ?? [];
  if (promised.length === 0) return [];
  const coverages = promised.map((one) => coverageOf(state, one, index));
  return state.memory.promise((pending) => {
    if (pending.version.operation === rival) return false;
    const address = addressOf(pending);
    return coverages.some((covers) => covers(pending.version, address)) && state.isOwed(address);
  });
}

/** Which versions operation `index` makes durable by what it promises. */
export function coverageOf(state: PromiseState, promised: Promised, index: number): Covers {
  const { caches } = state;
  switch (promised.of) {
    case 'file':
      return fileVersions(state, promised);
    case 'own data':
      return ({ operation, route, chain }) =>
        operation === index &&
        !(route.kind === 'file' && route.isFill) &&
        (promised.flushesItself || caches.isOn(chain));
    case 'earlier blocks':
      return ({ operation, route, chain }) =>
        route.kind === 'block' &&
        operation !== index &&
        chain.includes(promised.disk) &&
        caches.isOn(chain.slice(chain.indexOf(promised.disk)));
    case 'blocks of driver':
      return ({ route, chain }) => route.kind === 'block' && chain.at(-1) === promised.disk;
    case 'blocks of region':
      return blocksOfRegion(state, promised.region);
  }
}

/** Versions of a part of a file that are still where the file is. */
function fileVersions(state: PromiseState, { file, from, to }: Extract<Promised, { of: 'file' }>): Covers {
  const extents = (state.fileAfter(file)?.extents ?? []).filter(({ written }) => written);
  const { caches } = state;
  return ({ route, position, chain }) =>
    route.kind === 'file' &&
    route.path === file.path &&
    route.disk === file.disk &&
    position >= from &&
    position < to &&
    caches.isOn(chain) &&
    extents.some(
      ({ filePage, pageCount, devicePage }) =>
        (devicePage - filePage) * PAGE_SIZE_BYTES === route.delta &&
        position >= filePage * PAGE_SIZE_BYTES &&
        position < (filePage + pageCount) * PAGE_SIZE_BYTES,
    );
}

function blocksOfRegion({ after }: PromiseState, region: string): Covers {
  const places = after.places.filter((place) => place.region === region && place.namespaceStart >= 0);
  return ({ route }, address) =>
    route.kind === 'block' &&
    places.some(
      ({ namespaceStart: start, namespaceBytes }) => address >= start && address < start + namespaceBytes,
    );
}
