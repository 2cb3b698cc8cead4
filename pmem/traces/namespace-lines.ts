/**
 * Drivers bound to namespaces and taken off: plain disks, BTTs and pfn devices. A bind that creates something is the end
 * of the operation `personality`, which also takes the old driver off and wipes the info block that may be there.
 */
import { formatSize } from '../language/sizes.ts';
import type { RowContext } from './context.ts';
import type { RowWorkload } from './row-workload.ts';

const DISK = 'pmem0';

/** Size of a namespace whose row does not say it: it decides where a BTT's parts and the struct pages lie. */
const NAMESPACE_BYTES = 32 * 2 ** 20;

/** What `personality` does before it binds: the driver goes, 4096 bytes at 4096 are cleared. */
const BEFORE_BIND = [`detach ${DISK}`, `raw write ${DISK} @4096 4096 bytes 00`];

export function namespaceWorkload(context: RowContext): RowWorkload | undefined {
  const { op } = context.row;
  const shape = personalityOf(context);
  const base = {
    devices: `${DISK}=${formatSize(sizeOf(context))}`,
    returned: 'failure',
    isPlaced: true,
  } as const;
  const made = shape === undefined ? [] : [`personality ${DISK} ${shape}`];
  if (op.startsWith('unbind_')) return { ...base, setUp: made, operations: [`detach ${DISK}`] };
  if (/^bind_.*create$/.test(op) && shape !== undefined) {
    return { ...base, setUp: [], operations: made, prefix: BEFORE_BIND };
  }
  if (op.startsWith('bind_'))
    return { ...base, setUp: [...made, `detach ${DISK}`], operations: [`attach ${DISK}`] };
  return undefined;
}

/** The size of the namespace, where the row says it. */
function sizeOf({ row }: RowContext): number {
  const mebibytes = /\((?:.*\D)?(\d+) MiB namespace\)/.exec(row.on)?.[1];
  return mebibytes === undefined ? NAMESPACE_BYTES : Number(mebibytes) * 2 ** 20;
}

/** What a namespace is used as, as the operation `personality` says it; `undefined` for a plain disk. */
function personalityOf({ row, place }: RowContext): string | undefined {
  const { op, on, parameter } = row;
  if (op.includes('btt')) return `btt ${parameter ?? place.sectorBytes ?? 512}`;
  if (op.includes('pfn'))
    return `pfn ${parameter ?? (/map_pmem|map=pmem/.test(`${op} ${on}`) ? 'pmem' : 'ram')}`;
  return undefined;
}
