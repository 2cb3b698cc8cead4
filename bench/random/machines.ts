/** Machines that random workloads run on: every kind of device, domain and table once or twice. */

/** A machine: its boot line, operations that set it up, and the disks that operations name. */
export interface Machine {
  readonly setup: readonly string[];
  readonly disks: readonly string[];
  /** Namespaces, for what works on them. */
  readonly pmem: readonly string[];
  readonly btt?: boolean;
  readonly dm?: boolean;
  readonly processes?: boolean;
}

const plain = (boot: string, more: Partial<Machine> = {}): Machine => ({
  setup: [boot],
  disks: ['pmem0'],
  pmem: ['pmem0'],
  ...more,
});

/** Several pmem devices after a domain, with their options. */
function several(boot: string, ...options: readonly string[]): Machine {
  const names = options.map((_, index) => `pmem${index}`);
  const words = options.map((option, index) => `pmem${index}=2M${option}`);
  return { setup: [`boot ${boot} ${words.join(' ')}`], disks: names, pmem: names };
}

const mapped = (boot: string, ...tables: readonly string[]): Machine => ({
  setup: [`boot ${boot}`, ...tables],
  disks: [...tables.map((table) => table.split(' ')[1] ?? ''), 'dm-0', 'pmem0'],
  pmem: ['pmem0'],
  dm: true,
});

const personality = (what: string, disk: string, more: Partial<Machine> = {}): Machine => ({
  setup: ['boot adr clwb pmem0=17M', `personality pmem0 ${what}`],
  disks: [disk],
  pmem: ['pmem0'],
  ...more,
});

export const MACHINES: readonly Machine[] = [
  several('adr clwb', ''),
  several('adr clflush', ''),
  several('adr clflushopt', '', ',clear=512'),
  several('eadr clwb', ''),
  several('none clwb', ''),
  several('none clwb', ',hints=2+1'),
  several('none clwb', ',hints=1+0', ',hints=1'),
  several('adr clwb', '', ',no-dimm'),
  several('adr clwb', '', ',volatile'),
  several('eadr clwb', '', ',volatile'),
  several('adr clwb no-flushcache', ''),
  several('adr clwb no-pmem-api', ''),
  plain('boot adr clwb nfit=pmem'),
  plain('boot none clwb nfit=pmem-hints'),
  plain('boot none clwb nfit=mixed-dimms'),
  plain('boot none clwb nfit=shared-hint'),
  plain('boot adr clwb nfit=volatile'),
  plain('boot adr clwb nfit=vdisk'),
  plain('boot adr clwb e820=2M'),
  {
    ...plain('boot adr clwb pmem0=8M,pages'),
    processes: true,
    setup: ['boot adr clwb pmem0=8M,pages', 'create pmem0:/f 4M mapped align 2M'],
  },
  {
    ...plain('boot none clwb pmem0=8M,pages,hints=1'),
    processes: true,
    setup: ['boot none clwb pmem0=8M,pages,hints=1', 'create pmem0:/f 4M mapped align 2M'],
  },
  {
    setup: ['boot adr clwb pmem0=2M ram0=2M axonram0=1M'],
    disks: ['ram0', 'axonram0', 'pmem0'],
    pmem: ['pmem0'],
  },
  mapped('adr clwb pmem0=2M ram0=2M', 'dm dm-0 linear 1M pmem0@4K linear 1M ram0@0'),
  mapped('adr clwb pmem0=2M pmem1=2M', 'dm dm-0 stripe 1M 8K pmem0@0,pmem1@0', 'dm dm-1 linear 512K dm-0@4K'),
  mapped('none clwb pmem0=2M,hints=1 pmem1=2M', 'dm dm-0 stripe 256K 4K pmem0@4K,pmem1@64K'),
  mapped(
    'eadr clwb pmem0=2M',
    'dm dm-0 snapshot-origin 1M pmem0@0',
    'dm dm-1 linear 16K dm-0@512 error 4K linear 64K pmem0@1M',
  ),
  personality('btt 512', 'pmem0s', { btt: true }),
  personality('btt 4096', 'pmem0s', { btt: true }),
  personality('pfn ram', 'pmem0', { processes: true }),
  {
    setup: ['boot none clwb pmem0=17M,hints=1', 'personality pmem0 btt 512'],
    disks: ['pmem0s'],
    pmem: ['pmem0'],
    btt: true,
  },
  {
    setup: [
      'boot adr clwb pmem0=17M pmem1=1M',
      'personality pmem0 btt 512',
      'dm dm-0 linear 32K pmem0s@512 linear 32K pmem1@0',
    ],
    disks: ['dm-0', 'pmem0s'],
    pmem: ['pmem0', 'pmem1'],
    btt: true,
  },
  plain('boot adr clwb nfit=windows', { disks: ['ndblk0.0'], pmem: ['ndblk0.0'] }),
  plain('boot adr clwb nfit=windows-interleaved', { disks: ['ndblk0.0'], pmem: ['ndblk0.0'] }),
];
