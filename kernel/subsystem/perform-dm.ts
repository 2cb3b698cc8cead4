/** Device-mapper tables (design.md 6). */
import { SECTOR_SIZE } from '../block/bio.ts';
import { newDmTable } from '../drivers/md/dm-table.ts';
import type { DmMember, DmTarget } from '../drivers/md/dm-target.ts';
import { ENODEV } from '../errno.ts';
import type { DmTargetShape, OperationResult } from './operation.ts';
import type { System } from './system.ts';

function memberOf(system: System, name: string): DmMember | undefined {
  const disk = system.kernel.disks.get(name);
  if (disk === undefined) return undefined;
  return { disk, dax: system.tree.dax.daxGetByHost(system.kernel, name) };
}

/** A target of that shape from `beginSector` on, or a negative error. */
function targetOf(system: System, shape: DmTargetShape, beginSector: number): DmTarget | number {
  const { deviceMapper } = system.tree;
  const sectors = shape.sizeBytes / SECTOR_SIZE;
  if (shape.type === 'linear') {
    const member = memberOf(system, shape.member);
    return member === undefined
      ? -ENODEV
      : deviceMapper.linearCtr(beginSector, sectors, member, shape.startBytes / SECTOR_SIZE);
  }
  const members = shape.members.map(({ disk, startBytes }) => ({
    member: memberOf(system, disk),
    startSector: startBytes / SECTOR_SIZE,
  }));
  const present = members.flatMap(({ member, startSector }) => (member ? [{ member, startSector }] : []));
  if (present.length < members.length) return -ENODEV;
  return deviceMapper.stripeCtr(beginSector, sectors, shape.chunkBytes / SECTOR_SIZE, present);
}

/** Creates a mapped device, or gives an existing one a new table. */
export function performDmCreate(
  system: System,
  operation: { readonly disk: string; readonly targets: readonly DmTargetShape[] },
): OperationResult {
  const targets: DmTarget[] = [];
  let beginSector = 0;
  for (const shape of operation.targets) {
    const target = targetOf(system, shape, beginSector);
    if (typeof target === 'number') return { returned: target };
    targets.push(target);
    beginSector += target.sectorCount;
  }
  const table = newDmTable(system.kernel, targets);
  if (typeof table === 'number') return { returned: table };
  const existing = system.mapped.get(operation.disk);
  const mapped = existing ?? system.tree.deviceMapper.dmCreate(system.kernel, operation.disk);
  system.mapped.set(operation.disk, mapped);
  system.tables.set(operation.disk, operation.targets);
  mapped.bind(table);
  return { returned: 0 };
}
