import { describe, expect, it } from 'vitest';
import { PWRITE, compared, verdicts } from './support.ts';

const FILE = { id: 7, on: 'ext4 dax on pmem0', returned: 0, kernel: '4.13.9' };

describe('rows against a tree', () => {
  it('should be equal, however the file lies on the device', async () => {
    const shifted = PWRITE.events.map((event) =>
      event.replace(
        /^([ncW])(\d+)/,
        (_all, letter: string, place: string) => `${letter}${Number(place) + 40_960}`,
      ),
    );
    const elsewhere = { ...PWRITE, relative_to: 'device', events: shifted };
    expect(await verdicts('before', [PWRITE, elsewhere])).toEqual(['equal', 'equal']);
    // But the place in the page is the row's.
    const moved = { ...elsewhere, file_offset: 6, dest_offset_in_page: 6 };
    expect(await verdicts('before', [moved])).toEqual(['different']);
  });

  it('should be different in instructions, or only in the result', async () => {
    const [missing, result] = await compared('before', [
      { ...PWRITE, events: PWRITE.events.slice(0, -1) },
      { ...PWRITE, returned: 99 },
    ]);
    expect(missing?.verdict).toMatchObject({ kind: 'different', firstDifference: 4 });
    expect(result?.verdict).toMatchObject({
      kind: 'different',
      firstDifference: undefined,
      kernel: { returned: 99 },
      model: { returned: 100 },
    });
  });

  it('should have the boot line and the machine that they are given', async () => {
    const old = { ...PWRITE, events: [...PWRITE.events.slice(0, -1), 'X0*2'] };
    expect(await verdicts('before', [old])).toEqual(['equal']);
    expect(await verdicts('before', [old], { machine: { writeBack: 'clwb' } })).toEqual(['different']);
    expect(await verdicts('before', [{ ...old, machine: 'clwb' }])).toEqual(['different']);
    expect(await verdicts('before', [PWRITE], { boot: 'boot adr clflush pmem0=8M' })).toEqual(['different']);
    expect(await verdicts('before', [{ ...PWRITE, boot: 'boot adr clwb pmem0=8M' }])).toEqual(['equal']);
  });

  it('should not depend on each other, but for bad sectors and where a file lies', async () => {
    const on = 'ext4 dax on pmem4';
    const set = { ...FILE, id: 1, op: 'sysfs_badblocks_set', on, value: '16 8', returned: 4, events: [] };
    const write = {
      ...FILE,
      id: 2,
      op: 'bad_dax_pwrite_whole',
      on,
      file_offset: 0,
      dev_offset: 8192,
      segments: [4096],
      returned: -1,
      errno: 5,
      events: [],
    };
    const read = {
      ...FILE,
      id: 3,
      op: 'bad_dax_pread',
      on,
      file_offset: 50,
      segments: [100],
      returned: -1,
      errno: 5,
      events: [],
    };
    expect(await verdicts('after', [set, write, read])).toEqual(['equal', 'equal', 'equal']);
    expect(await verdicts('after', [write])).toEqual([
      'which sectors were bad is not in the record: no sysfs_badblocks_set of this device before it',
    ]);
    expect(await verdicts('after', [set, read])).toEqual([
      'equal',
      'where the file lies on the device with bad sectors is not in the record',
    ]);
  });

  it('should know dirty pages by each write-back instruction', async () => {
    const msync = {
      ...FILE,
      op: 'msync_after_store',
      file_offset: 4096,
      segments: [8192],
      relative_to: 'destination page',
    };
    const row = (letter: string): object => ({ ...msync, events: [`${letter}4096*64`, 'S', 'S'] });
    for (const letter of ['W', 'O', 'X']) expect(await verdicts('after', [row(letter)])).toEqual(['equal']);
    // A store came before, so something must have been written back.
    expect(await verdicts('after', [{ ...msync, events: ['S', 'S'] }])).toEqual(['different']);
    expect(await verdicts('after', [{ ...msync, op: 'msync_again', events: ['S', 'S'] }])).toEqual(['equal']);
  });

  it('should zero a new block first where the calls say so', async () => {
    const row = {
      ...FILE,
      op: 'acct_kvec',
      file_offset: 4096,
      segments: [64],
      returned: 77,
      relative_to: 'device',
      calls: ['@0 dax_iomap_rw', '@0 blkdev_issue_zeroout'],
    };
    expect(await verdicts('after', [{ ...row, events: ['n8192:8*512', 'n8192:8*8'] }])).toEqual(['equal']);
    expect(await verdicts('after', [{ ...row, events: ['n8192:8*8'], calls: ['@0 dax_iomap_rw'] }])).toEqual([
      'equal',
    ]);
    // Two processes ended: two records.
    const twice = { ...row, events: ['n8192:8*16'], calls: ['@0 dax_iomap_rw', '@8 dax_iomap_rw'] };
    expect(await verdicts('after', [twice])).toEqual(['equal']);
  });

  it('should read struct pages as the kernel of the row has them', async () => {
    const row = { ...FILE, op: 'bind_pfn_existing', on: 'namespace2.0', par: 'pmem', returned: 6 };
    const cleared = 'pmem2@c2097152:2097152';
    const cut = (kernel: string, events: string[]): object => ({
      ...row,
      kernel,
      events,
      events_cut_after: events.length,
    });
    expect(
      await verdicts('before', [cut('4.12.10', [cleared, 'pmem2@c2097180:4', 'pmem2@c2097152:8'])]),
    ).toEqual(['equal']);
    expect(
      await verdicts('before', [cut('4.13.9', [cleared, 'pmem2@c2097153:1', 'pmem2@c2097217:1'])]),
    ).toEqual(['equal']);
    expect(await verdicts('before', [{ ...row, kernel: '6.1.192', events: [] }])).toEqual(['equal']);
    expect(await verdicts('before', [{ ...row, events: [] }])).toEqual(['different']);
  });

  it('should give bios a segment for each page of the source', async () => {
    const write = {
      ...FILE,
      op: 'blk_O_DIRECT_src_off512',
      on: 'block device',
      file_offset: 20_480,
      segments: [4096],
      returned: 4096,
      kernel: '4.12.10',
    };
    expect(
      await verdicts('before', [{ ...write, events: ['n20480:8*448', 'S', 'n24064:8*64', 'S'] }]),
    ).toEqual(['equal']);
    expect(await verdicts('before', [{ ...write, events: ['n20480:8*512', 'S'] }])).toEqual(['different']);
  });

  it('should compare dax/write_cache 0 with the switch of v3 where nothing flushes', async () => {
    const zero = {
      ...FILE,
      op: 'zero_range',
      on: 'ext4 dax on pmem3',
      file_offset: 100,
      dev_offset: 4196,
      segments: [50],
      queue_write_cache: 'write back',
      dax_write_cache: '0',
      events: ['pmem3@c4196:50'],
    };
    expect(await verdicts('after', [zero])).toEqual(['equal']);
    expect(await verdicts('stable-4.13.9', [zero])).toEqual(['equal']);
    expect(await verdicts('before', [zero])).toEqual([
      'dax/write_cache was 0 and this tree gates no write-back',
    ]);
    const sync = { ...zero, op: 'msync_again', events: ['S', 'S'] };
    expect(await verdicts('after', [sync])).toEqual([
      'v3 gates write-backs by queue/write_cache, which also stops flushes, the merged series by dax/write_cache',
    ]);
    expect(await verdicts('stable-4.13.9', [sync])).toEqual(['equal']);
  });

  it('should say what the model has not, and never take that for equal', async () => {
    expect(
      await verdicts('after', [
        { ...FILE, op: 'teleport', events: [] },
        { ...FILE, op: 'pwrite', on: 'the moon', events: [] },
        { ...FILE, op: 'blk_teleport', on: 'block device', events: [] },
      ]),
    ).toEqual([
      "the model has no operation 'teleport'",
      "the model has nothing like 'the moon'",
      "the model has no operation 'blk_teleport'",
    ]);
  });

  it('should name file and line of a row whose kernel, machine or boot line is none', async () => {
    await expect(verdicts('after', [PWRITE, { ...PWRITE, kernel: 'x' }])).rejects.toThrow(
      "rows:2: kernel 'x' is no version",
    );
    await expect(verdicts('after', [{ ...PWRITE, machine: 'x' }])).rejects.toThrow('rows:1: machine: ');
    await expect(verdicts('after', [{ ...PWRITE, boot: 'boot nonsense' }])).rejects.toThrow(
      /^rows:1: .*nonsense/s,
    );
  });
});
