/** Tables over disks that exist only as queues. */
import { type RequestQueue, newQueue } from '#kernel/block/disk.ts';
import { errorCtr, snapshotOriginCtr } from '#kernel/drivers/md/dm-error.ts';
import type { DmTable } from '#kernel/drivers/md/dm-table.ts';
import type { DmMember, DmTarget } from '#kernel/drivers/md/dm-target.ts';
import { linearCtr } from '../../../../../after/drivers/md/dm-linear.ts';
import { stripeCtr } from '../../../../../after/drivers/md/dm-stripe.ts';

/** A member whose queue has these settings; it has no dax device. */
export function member(settings: Partial<RequestQueue> = {}): DmMember {
  const queue = { ...newQueue(() => {}), ...settings };
  return {
    disk: { name: 'member', driver: 'test', queue, readOnly: false, capacitySectors: 2048 },
    dax: undefined,
  };
}

const SECTORS = 1024;

type TargetMaker = (beginSector: number) => DmTarget;

export const linear =
  (over: DmMember): TargetMaker =>
  (begin) =>
    linearCtr(begin, SECTORS, over, 0);

export const striped =
  (...over: DmMember[]): TargetMaker =>
  (begin) => {
    const members = over.map((each) => ({ member: each, startSector: 0 }));
    const target = stripeCtr(begin, SECTORS, 8, members);
    if (typeof target === 'number') throw new Error(`stripe: ${target}`);
    return target;
  };

export const errors: TargetMaker = (begin) => errorCtr(begin, SECTORS);

export const origin =
  (over: DmMember): TargetMaker =>
  (begin) =>
    snapshotOriginCtr(begin, SECTORS, over);

/** Targets of 1024 sectors each, one after the other. */
export function tableOf(...makers: TargetMaker[]): DmTable {
  return { targets: makers.map((make, index) => make(index * SECTORS)) };
}
