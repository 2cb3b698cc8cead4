/** Reads one device-mapper or write-cache-switch operation of golden/data/real-kernel as a workload, or says why not. */
import type { GoldenOperation } from './real-kernel.ts';

/** A line of linux-6.1-btt-dm-switches.jsonl (README.md there). */
export interface SwitchOperation extends GoldenOperation {
  readonly dev_offset?: number;
  readonly wc_dm?: string;
  readonly wc_pmem4?: string;
  readonly wc_pmem2?: string;
  readonly queue_write_cache?: string;
  readonly dax_write_cache?: string;
  readonly value?: string;
}

/** Why an operation is not asked of the model here; `undefined` when it is. */
export function reasonNotCompared(operation: SwitchOperation): string | undefined {
  const { op, on } = operation;
  if (on.includes('btt') || on.startsWith('namespace') || op.includes('namespace'))
    return 'BTT and pfn: btt.test.ts';
  if (op.includes('buffered') || op === 'blk_close')
    return 'buffered block I/O: the page cache is not modelled';
  if (op === 'sync' || op.startsWith('fsync_after')) return 'journal blocks of a real file system';
  if (
    op.startsWith('bad_') ||
    (on.includes('pmem2') && !on.startsWith('ext4 dax on dm') && !on.startsWith('block device dm'))
  )
    return 'bad blocks: 6.1 clears before it writes (README)';
  if (on.includes('raw namespace')) return 'bad blocks: 6.1 clears before it writes (README)';
  if (op === 'sysfs_dax_write_cache' || operation.dax_write_cache === '0') return 'v3 has no dax/write_cache';
  if (/msync|punch|zero_range/.test(op) && operation.queue_write_cache === 'write through')
    return '6.1 gates write-back by dax/write_cache, v3 by the queue flag (README)';
  if (op === 'pwrite' && operation.events.filter((event) => event === 'S').length > 2)
    return 'a synchronous file: the flag is not in the record';
  return undefined;
}

const TABLES: readonly (readonly [on: string, table: string])[] = [
  ['dm-stripe 64 KiB', 'dm dm-0 stripe 64M 64K pmem0@0,pmem1@0'],
  ['dm-stripe 4 KiB', 'dm dm-0 stripe 64M 4K pmem0@0,pmem1@0'],
  ['dm-linear', 'dm dm-0 linear 8M pmem0@0 linear 16M pmem1@0'],
];

/** The workload whose last `count` operations are `operation`. */
export function switchWorkload(operation: SwitchOperation): { workload: string; count: number } {
  const table = TABLES.find(([on]) => operation.on.includes(on));
  const disk = table === undefined ? 'pmem0' : 'dm-0';
  const switches = [
    ['dm-0', operation.wc_dm],
    ['pmem0', operation.wc_pmem4 ?? operation.queue_write_cache],
    ['pmem1', operation.wc_pmem2],
  ].flatMap(([name, value]) =>
    value === undefined ? [] : [`sysfs write ${name}/queue/write_cache "${value}"`],
  );
  const lines = operation.on.startsWith('block') ? blockLines(operation, disk) : fileLines(operation, disk);
  const setUp = [
    'boot adr clwb pmem0=72M pmem1=72M',
    ...(table === undefined ? [] : [table[1]]),
    ...switches,
  ];
  return {
    workload: [...setUp, ...lines].join('\n'),
    count: operation.op.includes('O_DSYNC') && operation.on.startsWith('block') ? 2 : 1,
  };
}

function blockLines(operation: SwitchOperation, disk: string): string[] {
  const { op, file_offset: offset = 0, segments = [], value } = operation;
  if (value !== undefined) return [`sysfs write ${disk}/queue/write_cache "${value}"`];
  const place = `${disk} @${offset} ${segments.join(',')}`;
  if (op.includes('read')) return [`bio read ${place}`];
  if (op.includes('O_DSYNC')) return [`bio write ${place} fua`, `flush ${disk}`];
  return op.startsWith('blk_O_DIRECT') ? [`bio write ${place}`] : [`flush ${disk}`];
}

/** The file begins at the first byte of the device, so a place on the device is one in the file. */
function fileLines(operation: SwitchOperation, disk: string): string[] {
  const { op, dev_offset: offset = 0, segments = [], readable_source_bytes: readable, value } = operation;
  if (value !== undefined) return [`sysfs write ${disk}/queue/write_cache "${value}"`];
  const file = `${disk}:/f`;
  const total = segments.reduce((sum, length) => sum + length, 0);
  const size = disk === 'pmem0' ? '72M' : operation.on.includes('linear') ? '24M' : '64M';
  const create = `create ${file} ${size} ${op === 'pwrite_into_hole_cross' ? 'unwritten' : 'mapped'}`;
  if (op === 'pwrite_fault')
    return [create, `dax write ${file} @${offset} iov ${total} readable ${readable ?? 0}`];
  if (op.startsWith('pwrite'))
    return [
      create,
      `dax write ${file} @${offset} iov ${segments.join(',')}${op.includes('O_DSYNC') ? ' sync' : ''}`,
    ];
  if (op === 'punch_hole' || op === 'zero_range')
    return [create, `${op.split('_')[0] ?? ''} ${file} @${offset} ${total}`];
  if (op === 'mmap_store8') return [create, `store ${file} @${offset} 8`];
  return [create, `fsync ${file}`];
}
