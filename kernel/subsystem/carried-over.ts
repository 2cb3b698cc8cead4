/** What outlives a power failure besides the contents of persistent memory. */
import type { DaxFileSystem } from '../fs/dax-file-system.ts';
import type { CarriedOver, FileLayout } from './operation.ts';
import { membersFirst } from './perform-dm.ts';
import { type System, labelAreaKey } from './system.ts';

/** What the next life of the machine finds. File systems that were not mounted in this one are as the last one left them. */
export function carriedOverOf(system: System): CarriedOver {
  const { fileSystems, carriedOver } = system;
  const mounted = [...fileSystems.values()];
  const untouched = carriedOver?.files.filter(({ disk }) => !fileSystems.has(disk)) ?? [];
  return {
    files: [...untouched, ...mounted.flatMap(layoutsOf)],
    nextPages: new Map([
      ...(carriedOver?.nextPages ?? []),
      ...mounted.map(({ disk, nextPage }) => [disk.name, nextPage] as const),
    ]),
    tables: membersFirst([...system.tables].map(([disk, targets]) => ({ disk, targets }))),
    labelAreas: new Map(
      system.firmware.flatMap(({ bus, dimms }) =>
        dimms.flatMap(({ handle, nvdimm }): [string, Uint8Array][] =>
          nvdimm?.labelArea === undefined ? [] : [[labelAreaKey(bus.name, handle), nvdimm.labelArea.slice()]],
        ),
      ),
    ),
    poisonedCells: system.kernel.machine.memory.poisonedCells(),
    knownPoison: (system.buses[0]?.poison ?? []).map(({ start, length }) => ({ start, length })),
  };
}

/** The files of a mounted file system, without what the kernel keeps of them in memory. */
export function layoutsOf({ disk, files }: DaxFileSystem): FileLayout[] {
  return Array.from(files.values(), ({ path, sizeBytes, extents }) => ({
    disk: disk.name,
    path,
    sizeBytes,
    extents,
  }));
}
