/**
 * Struct pages of device memory (mm/memory_hotplug.c, sparse.c, page_alloc.c, kernel/memremap.c of 4.12): what
 * devm_memremap_pages stores when they lie on the device itself, in the room that an info block reserves. They are
 * initialised again at every attach, through the cache, and nothing writes them back (memory-and-dax.md 21). Left out:
 * what becomes of a namespace whose room is too small for the sections it touches, and that two of them can not
 * share a section.
 */
import { roundDown, roundUp } from '#machine/hardware/units.ts';
import { type Kernel, staticVariable } from '../kernel.ts';

/** SECTION_SIZE: memory comes and goes in these, bytes. */
const SECTION_BYTES = 2 ** 27;

const PAGES_PER_SECTION = SECTION_BYTES / 4096;

/** sizeof(struct page). */
const STRUCT_PAGE_BYTES = 64;

/** Struct pages of a section; they are mapped by a page of that size, so they begin at a multiple of it. Bytes. */
const SECTION_MEMMAP_BYTES = PAGES_PER_SECTION * STRUCT_PAGE_BYTES;

/** A physical range, bytes. */
interface PhysicalRange {
  readonly start: number;
  readonly sizeBytes: number;
}

/** Sections that have struct pages. */
const presentSections = staticVariable('mem_section', () => new Set<number>());

/** Starts of the sections that a range touches. */
function sectionsOf({ start, sizeBytes }: PhysicalRange): number[] {
  const first = roundDown(start, SECTION_BYTES);
  const count = (roundUp(start + sizeBytes, SECTION_BYTES) - first) / SECTION_BYTES;
  return Array.from({ length: count }, (_, index) => first + index * SECTION_BYTES);
}

/**
 * devm_memremap_pages with a struct vmem_altmap: struct pages for `resource`, stored in `room`. A section that has some
 * already keeps them. Returns what takes them away again; that stores nothing.
 */
export function devmMemremapPages(kernel: Kernel, resource: PhysicalRange, room: PhysicalRange): () => void {
  const present = presentSections(kernel);
  const added = sectionsOf(resource).filter((section) => !present.has(section) && !isRam(kernel, section));
  let memmap = roundUp(room.start, SECTION_MEMMAP_BYTES);
  for (const section of added) {
    present.add(section);
    if (memmap + SECTION_MEMMAP_BYTES > room.start + room.sizeBytes) continue;
    addSection(kernel, memmap);
    memmap += SECTION_MEMMAP_BYTES;
  }
  return () => added.forEach((section) => present.delete(section));
}

function isRam({ systemRam }: Kernel, section: number): boolean {
  return systemRam.some(
    ({ start, sizeBytes }) => start < section + SECTION_BYTES && section < start + sizeBytes,
  );
}

/** __add_section: sparse_add_one_section, then __add_zone, which initialises all pages and then marks them reserved. */
function addSection({ cpu }: Kernel, memmap: number): void {
  cpu.storeString(memmap, new Uint8Array(SECTION_MEMMAP_BYTES));
  for (let page = 0; page < PAGES_PER_SECTION; page++) initPage(cpu, memmap + page * STRUCT_PAGE_BYTES);
  for (let page = 0; page < PAGES_PER_SECTION; page++) {
    // SetPageReserved is a locked instruction on this byte; nothing is under way that its fence would complete.
    cpu.store(memmap + page * STRUCT_PAGE_BYTES + 1, RESERVED);
  }
}

const ONE = Uint8Array.of(1, 0, 0, 0);
const MINUS_ONE = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
const FLAGS = new Uint8Array(8);
const RESERVED = Uint8Array.of(1 << 2);

/** __init_single_page: five stores, in the order that compiled code was seen to do them in. */
function initPage(cpu: Kernel['cpu'], page: number): void {
  const list = new Uint8Array(8);
  new DataView(list.buffer).setBigUint64(0, BigInt(page + 32), true);
  cpu.store(page + 28, ONE);
  cpu.store(page, FLAGS);
  cpu.store(page + 24, MINUS_ONE);
  cpu.store(page + 40, list);
  cpu.store(page + 32, list);
}
