/** Device-mapper tables (design.md 6). */
import { SECTOR_SIZE } from '../block/bio.ts';
import { errorCtr, snapshotOriginCtr } from '../drivers/md/dm-error.ts';
import { tableLoad } from '../drivers/md/dm-ioctl.ts';
import { newDmTable } from '../drivers/md/dm-table.ts';
import type { DmMemberRange, DmTarget } from '../drivers/md/dm-target.ts';
import { ENODEV } from '../errno.ts';
import type { DmMemberShape, DmTableShape, DmTargetShape, OperationResult } from './operation.ts';
import type { System } from './system.ts';

/** The member that a shape names, if its disk is there: one range, else none. */
function memberOf({ kernel, tree }: System, { disk: name, startBytes }: DmMemberShape): DmMemberRange[] {
  const disk = kernel.disks.get(name);
  if (disk === undefined) return [];
  const member = { disk, dax: tree.dax.daxGetByHost(kernel, name) };
  return [{ member, startSector: startBytes / SECTOR_SIZE }];
}

/** A target of that shape from `beginSector` on, or a negative error. */
function targetOf(system: System, shape: DmTargetShape, beginSector: number): DmTarget | number {
  const { deviceMapper } = system.tree;
  const sectors = shape.sizeBytes / SECTOR_SIZE;
  const members = shape.members.flatMap((member) => memberOf(system, member));
  if (members.length < shape.members.length) return -ENODEV;
  if (shape.type === 'striped')
    return deviceMapper.stripeCtr(beginSector, sectors, shape.chunkBytes / SECTOR_SIZE, members);
  const [only] = members;
  if (only === undefined) return errorCtr(beginSector, sectors);
  return shape.type === 'linear'
    ? deviceMapper.linearCtr(beginSector, sectors, only.member, only.startSector)
    : snapshotOriginCtr(beginSector, sectors, only.member);
}

/** Creates a mapped device, or gives an existing one a new table, without freezing the file system on it. */
export function performDmCreate(system: System, { disk, targets: shapes }: DmTableShape): OperationResult {
  const targets: DmTarget[] = [];
  let beginSector = 0;
  for (const shape of shapes) {
    const target = targetOf(system, shape, beginSector);
    if (typeof target === 'number') return { returned: target };
    targets.push(target);
    beginSector += target.sectorCount;
  }
  const table = newDmTable(system.kernel, targets);
  if (typeof table === 'number') return { returned: table };
  const existing = system.mapped.get(disk);
  const mapped = existing ?? system.tree.deviceMapper.dmCreate(system.kernel, disk);
  const error = tableLoad(system.kernel, mapped.disk, table, existing === undefined);
  if (error !== 0) return { returned: error };
  system.mapped.set(disk, mapped);
  system.tables.set(disk, shapes);
  mapped.bind(table);
  return { returned: 0 };
}

/** The tables in an order in which each finds its members: a mapped device may be a member of another. */
export function membersFirst(tables: readonly DmTableShape[]): DmTableShape[] {
  const ordered = new Set<DmTableShape>();
  const visit = (table: DmTableShape, above: readonly DmTableShape[]): void => {
    if (ordered.has(table) || above.includes(table)) return;
    const names = table.targets.flatMap(({ members }) => members.map(({ disk }) => disk));
    for (const member of tables.filter(({ disk }) => names.includes(disk))) visit(member, [...above, table]);
    ordered.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...ordered];
}
