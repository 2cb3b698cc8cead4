/** What the swept bytes go through: a machine, what is made on it before the first case, and the disk that is written to. */
import type { BootConfiguration } from '#kernel/subsystem/operation.ts';
import { parseWorkload } from '../language/notation.ts';
import type { Step } from '../language/workload.ts';
import type { Cache, Domain } from './edges.ts';

export interface SweptMachine {
  readonly name: string;
  /** Boot words behind the domain; `HINTS` stands where a namespace may get hints. */
  readonly devices: string;
  /** What is made of them. */
  readonly make: readonly string[];
  /** The disk with the files and blocks. */
  readonly disk: string;
  /** The disks whose queues are switched. */
  readonly members: readonly string[];
}

/** All of them; members begin at offsets of their own, and cases lie on both sides of the ends of targets and chunks. */
export const MACHINES: readonly SweptMachine[] = [
  { name: 'pmem', devices: 'pmem0=2MHINTS', make: [], disk: 'pmem0', members: ['pmem0'] },
  { name: 'brd', devices: 'ram0=2M', make: [], disk: 'ram0', members: ['ram0'] },
  {
    name: 'linear',
    devices: 'pmem0=4MHINTS',
    make: ['dm dm-0 linear 2M pmem0@1M'],
    disk: 'dm-0',
    members: ['pmem0'],
  },
  {
    name: 'stripe',
    devices: 'pmem0=4MHINTS pmem1=4MHINTS',
    make: ['dm dm-0 stripe 2M 4K pmem0@16K,pmem1@1M'],
    disk: 'dm-0',
    members: ['pmem0', 'pmem1'],
  },
  {
    name: 'stacked',
    devices: 'pmem0=4MHINTS',
    make: ['dm dm-0 linear 1M pmem0@64K linear 2M pmem0@1536K', 'dm dm-1 linear 2M dm-0@1008K'],
    disk: 'dm-1',
    members: ['pmem0'],
  },
  {
    name: 'pfn',
    devices: 'pmem0=8MHINTS',
    make: ['personality pmem0 pfn ram'],
    disk: 'pmem0',
    members: ['pmem0'],
  },
  {
    name: 'huge',
    devices: 'pmem0=8M,pagesHINTS',
    make: ['create pmem0:/f 4M align 2M'],
    disk: 'pmem0',
    members: ['pmem0'],
  },
];

/** A machine as it is booted, and the steps that make it ready. */
export interface Prepared {
  readonly boot: BootConfiguration;
  readonly steps: readonly Step[];
}

/** Two dimms with eight hints each. */
const HINTS = ',hints=8+8';

/** Boots `machine` with a domain, and switches queues before anything is made of their disks. */
export function prepare(
  machine: SweptMachine,
  domain: Domain,
  cache: Cache,
  more: readonly string[],
): Prepared {
  const { devices, make, members } = machine;
  const switched = members.map((member) => `sysfs write ${member}/queue/write_cache "write through"`);
  const boot = `boot ${domain} ${devices.replaceAll('HINTS', domain === 'none' ? HINTS : '')}`;
  const text = [boot, ...(cache === 'through' ? switched : []), ...make, ...more].join('\n');
  const workload = parseWorkload(text);
  return { boot: workload.boot, steps: workload.steps.map(({ operation }) => operation) };
}
