/**
 * The contents that bytes have had: what they held at power-on, and over it the versions that operations wrote, oldest
 * first. Kept page by page. A promise does not name a content; it makes versions durable.
 */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';

/** The way by which bytes were written: it decides which promises cover them. */
export type Route =
  | {
      readonly kind: 'file';
      readonly disk: string;
      readonly path: string;
      /** Position on the device minus position in the file. */
      readonly delta: number;
      /** The zeros of a new block around the data that an operation wrote. */
      readonly isFill: boolean;
    }
  | { readonly kind: 'block' | 'raw' | 'environment' };

/** One content that bytes of one page got. */
export interface Version {
  /** First byte in the page, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Byte `from` got `bytes[at]`; without bytes any content is possible. */
  readonly bytes: Uint8Array | undefined;
  readonly at: number;
  /** Place in the workload of the operation that wrote it; -1 for what no operation did. */
  readonly operation: number;
  readonly route: Route;
  /** Disks that it went through, topmost first. */
  readonly chain: readonly string[];
  /** Position in its file of byte `from`; -1 when it was not written through one. */
  readonly position: number;
  /** The operation failed, or lost its promise: the bytes may or may not be there. */
  isMaybe: boolean;
  /** Promised to survive a power failure. */
  isDurable: boolean;
}

/** A page of bytes and what they have held. */
export interface Page {
  /** Byte address / 4096. */
  readonly index: number;
  /** What it held at power-on; `undefined` for zeros, `any` when nobody knows. */
  base: Uint8Array | 'any' | undefined;
  readonly versions: Version[];
}

/** A version that nothing has promised yet. */
export interface PendingVersion {
  readonly page: Page;
  readonly version: Version;
}

/** Bytes next to each other that something is written to, and how it got there. */
export interface Piece {
  readonly space: ByteSpace;
  readonly address: number;
  readonly length: number;
  /** Distance from the first byte of the whole. */
  readonly done: number;
  readonly chain: readonly string[];
}

/** What is written to the pieces of a whole. */
export interface Content extends Pick<Version, 'bytes' | 'operation' | 'route' | 'isMaybe' | 'isDurable'> {
  /** Place in `bytes` of the first byte of the whole, and its position in the file. */
  readonly at: number;
  readonly position: number;
}

/** Versions of a page that are kept apart; older ones that are promised become its base. */
const VERSIONS_MAX = 64;

/** Bytes with addresses: physical memory, or a disk whose bytes have no fixed place in it. */
export class ByteSpace {
  /** Empty for physical memory, else the disk. */
  readonly disk: string;
  pending: PendingVersion[] = [];
  readonly #pages = new Map<number, Page>();
  /** Pages that hold anything, and that nobody has asked for. */
  readonly #unknown = new Set<number>();
  readonly #baseOf: (pageIndex: number) => Page['base'];

  constructor(disk: string, baseOf: (pageIndex: number) => Page['base']) {
    this.disk = disk;
    this.#baseOf = baseOf;
  }

  get isMemory(): boolean {
    return this.disk === '';
  }

  page(index: number): Page {
    let page = this.#pages.get(index);
    if (page === undefined) {
      const base = this.#unknown.has(index) ? 'any' : this.#baseOf(index);
      page = { index, base, versions: [] };
      this.#pages.set(index, page);
    }
    return page;
  }

  /** Whether an operation wrote to any of the pages that `isWanted`. */
  isWritten(isWanted: (pageIndex: number) => boolean): boolean {
    for (const [index, { versions }] of this.#pages)
      if (isWanted(index) && versions.some(({ route }) => route.kind !== 'environment')) return true;
    return false;
  }

  /** Puts `content` over `piece`, cut at the ends of pages of memory and of the file. Returns the new versions. */
  write(piece: Piece, content: Content): PendingVersion[] {
    const made: PendingVersion[] = [];
    const { bytes, operation, route, isMaybe, isDurable } = content;
    for (let done = 0; done < piece.length;) {
      const address = piece.address + done;
      const from = address % PAGE_SIZE_BYTES;
      const position = content.position < 0 ? -1 : content.position + piece.done + done;
      const room = PAGE_SIZE_BYTES - Math.max(from, position < 0 ? 0 : position % PAGE_SIZE_BYTES);
      const length = Math.min(room, piece.length - done);
      const at = content.at + piece.done + done;
      const { chain } = piece;
      const version = {
        from,
        to: from + length,
        bytes,
        at,
        operation,
        route,
        chain,
        position,
        isMaybe,
        isDurable,
      };
      const page = this.page((address - from) / PAGE_SIZE_BYTES);
      page.versions.push(version);
      if (isDurable) fold(page);
      else this.pending.push({ page, version });
      made.push({ page, version });
      done += length;
    }
    return made;
  }

  /** The ranges that operations wrote to, page by page. */
  *writtenRanges(): Generator<{ readonly start: number; readonly end: number }> {
    for (const [index, { versions }] of this.#pages)
      for (const { from, to, route } of versions)
        if (route.kind !== 'environment')
          yield { start: index * PAGE_SIZE_BYTES + from, end: index * PAGE_SIZE_BYTES + to };
  }

  /** The operation that wrote the byte at an address last; -1 for none. */
  newestWriter(address: number): number {
    const offset = address % PAGE_SIZE_BYTES;
    const { versions } = this.page((address - offset) / PAGE_SIZE_BYTES);
    return versions.findLast(({ from, to }) => offset >= from && offset < to)?.operation ?? -1;
  }

  /** From here on any content is possible in a range, durably. */
  forget(address: number, length: number, operation: number): void {
    const route = { kind: 'environment' } as const;
    const content = { bytes: undefined, at: 0, position: -1, operation, route };
    const piece = { space: this, address, length, done: 0, chain: [] };
    this.write(piece, { ...content, isMaybe: false, isDurable: true });
  }

  /**
   * The same of a range in a room that only its owner looks at. Pages that nobody has asked for yet are forgotten as a
   * whole, which costs no version.
   */
  forgetRoom(address: number, length: number, operation: number): void {
    const end = address + length;
    for (let from = address; from < end;) {
      const index = Math.floor(from / PAGE_SIZE_BYTES);
      const to = Math.min(end, (index + 1) * PAGE_SIZE_BYTES);
      if (this.#pages.has(index)) this.forget(from, to - from, operation);
      else this.#unknown.add(index);
      from = to;
    }
  }

  /** Makes the pending versions that `isCovered` accepts durable, and returns them. */
  promise(isCovered: (pending: PendingVersion) => boolean): PendingVersion[] {
    const promised = this.pending.filter(isCovered);
    if (promised.length === 0) return promised;
    for (const { page, version } of promised) {
      version.isDurable = true;
      fold(page);
    }
    this.pending = this.pending.filter(({ version }) => !version.isDurable);
    return promised;
  }

  /** Frees pending versions from what is owed to them: no later promise covers them. */
  waive(isWaived: (pending: PendingVersion) => boolean): void {
    this.pending = this.pending.filter((pending) => !isWaived(pending));
  }
}

/** The first address of a version. */
export function addressOf({ page, version }: PendingVersion): number {
  return page.index * PAGE_SIZE_BYTES + version.from;
}

/** Makes the oldest versions of a crowded page its base, where nothing tells them apart any more. */
function fold(page: Page): void {
  if (page.versions.length < VERSIONS_MAX) return;
  while (page.versions.length > VERSIONS_MAX / 2) {
    const [oldest] = page.versions;
    if (oldest?.bytes === undefined || !oldest.isDurable || oldest.isMaybe || page.base === 'any') return;
    const base = page.base?.slice() ?? new Uint8Array(PAGE_SIZE_BYTES);
    base.set(oldest.bytes.subarray(oldest.at, oldest.at + oldest.to - oldest.from), oldest.from);
    page.base = base;
    page.versions.shift();
  }
}
