/**
 * A namespace on a simulated machine with the raw access of either tree, as small as a test of BTT or pfn needs it:
 * one region without hints, one namespace, and the list of raw accesses that were made.
 */
import {
  ndRegionActivate as activateAfter,
  ndRegionCreate as createAfter,
} from '../../../../../after/drivers/nvdimm/region_devs.ts';
import { nsioRwBytes as rwBytesAfter } from '../../../../../after/drivers/nvdimm/claim.ts';
import {
  ndRegionActivate as activateBefore,
  ndRegionCreate as createBefore,
} from '../../../../../before/drivers/nvdimm/region_devs.ts';
import { nsioRwBytes as rwBytesBefore } from '../../../../../before/drivers/nvdimm/claim.ts';
import { nvdimmFlush } from '../../../../../after/drivers/nvdimm/region_devs.ts';
import type { Bio, BioVec } from '#kernel/block/bio.ts';
import { newBio } from '#kernel/block/bio.ts';
import { submitBioWait } from '#kernel/block/submit.ts';
import { type Btt, type BttConfiguration, nvdimmNamespaceAttachBtt } from '#kernel/drivers/nvdimm/btt.ts';
import type { RawAccess } from '#kernel/drivers/nvdimm/raw-access.ts';
import type { NamespaceIo, NdRegion, NvdimmBus } from '#kernel/drivers/nvdimm/nd.ts';
import { type Kernel, newKernel } from '#kernel/kernel.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';

export const MIB = 1024 * 1024;
export const DEVICE_START = 4 * 1024 * MIB;

export interface RawCall {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly isWrite: boolean;
  readonly atomic: boolean;
}

export interface RawDevice {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly region: NdRegion;
  readonly namespace: NamespaceIo;
  readonly raw: RawAccess;
  readonly calls: RawCall[];
  /** Answers for accesses that a test wants to fail: by what the accessor is called with. */
  fail?: (call: RawCall) => number;
}

const EMPTY_PAGE = new Uint8Array(4096);

/** Pages of a whole device image that are not zero. */
export function mediaOf(image: Uint8Array): MediaImage {
  const pages = new Map<number, Uint8Array>();
  for (let at = 0; at < image.length; at += 4096) {
    const page = image.subarray(at, at + 4096);
    if (Buffer.compare(page, EMPTY_PAGE) !== 0) pages.set((DEVICE_START + at) / 4096, page);
  }
  return pages;
}

/** A device of `sizeBytes`, empty or with an image on it, driven by the raw access of `side`. */
export function rawDevice(
  sizeBytes: number,
  {
    image,
    media = image === undefined ? undefined : mediaOf(image),
    side = 'after',
  }: { image?: Uint8Array; media?: MediaImage | undefined; side?: 'before' | 'after' } = {},
): RawDevice {
  const machine = powerOn({
    domain: 'adr',
    features: { clwb: true, clflushopt: true },
    ranges: [{ name: 'pmem0', start: DEVICE_START, sizeBytes, kind: 'persistent', modules: ['nmem0'] }],
    flushHints: [],
    ...(media === undefined ? {} : { initialMedia: media }),
  });
  const symbols =
    side === 'after'
      ? (['ARCH_HAS_PMEM_API', 'ARCH_HAS_UACCESS_FLUSHCACHE'] as const)
      : (['ARCH_HAS_PMEM_API'] as const);
  const kernel = newKernel(machine, symbols);
  const bus: NvdimmBus = { kernel, name: 'ndbus0', providerName: 'test', poison: [], regions: [] };
  const description = { start: DEVICE_START, sizeBytes, mappings: [] };
  const region = (side === 'after' ? createAfter : createBefore)(bus, description, 'nd_pmem')!;
  (side === 'after' ? activateAfter : activateBefore)(region);
  const namespace: NamespaceIo = {
    region,
    name: 'namespace0.0',
    id: 0,
    start: DEVICE_START,
    sizeBytes,
    claim: 'btt0.0',
  };
  const rwBytes = side === 'after' ? rwBytesAfter : rwBytesBefore;
  const device: RawDevice = {
    machine,
    kernel,
    region,
    namespace,
    calls: [],
    raw: (offset, buffer, isWrite, flags) => {
      const call = { offset, sizeBytes: buffer.length, isWrite, atomic: flags?.atomic === true };
      device.calls.push(call);
      const failure = device.fail?.(call) ?? 0;
      return failure === 0 ? rwBytes(namespace, offset, buffer, isWrite, flags) : failure;
    },
  };
  return device;
}

/** A uuid as in the file names: `xx` and then 112233-4455-6677-8899-aabbccddeeff. */
export function testUuid(first: number): Uint8Array {
  return Uint8Array.from([first, ...Array.from({ length: 15 }, (_, index) => (index + 1) * 0x11)]);
}

/** Attaches a BTT to `device`. */
export function attachBtt(
  device: RawDevice,
  lbaSizeBytes: number,
  more: Partial<BttConfiguration> = {},
): Btt | number {
  return nvdimmNamespaceAttachBtt({
    kernel: device.kernel,
    device: 'btt0.0',
    diskName: 'pmem0s',
    region: device.region,
    raw: device.raw,
    namespaceSizeBytes: device.namespace.sizeBytes,
    lbaSizeBytes,
    uuid: testUuid(0),
    ...more,
  });
}

/** The same, where it must succeed. */
export function mustAttachBtt(
  device: RawDevice,
  lbaSizeBytes: number,
  more: Partial<BttConfiguration> = {},
): Btt {
  const btt = attachBtt(device, lbaSizeBytes, more);
  if (typeof btt === 'number') throw new Error(`attach: ${btt}`);
  return btt;
}

/** A bio of whole pages (the last one may be shorter). */
export function transfer(btt: Btt, operation: Bio['operation'], offset: number, data: Uint8Array): number {
  const segments: BioVec[] = [];
  for (let at = 0; at < data.length; at += 4096) {
    const bytes = data.subarray(at, at + 4096);
    segments.push({ page: { bytes }, offset: 0, lengthBytes: bytes.length });
  }
  return submitBioWait(newBio({ operation, disk: btt.disk, sector: offset / 512, segments }));
}

/** Bytes read through the BTT, `undefined` for an error. */
export function readBtt(btt: Btt, offset: number, lengthBytes: number): Uint8Array | undefined {
  const data = new Uint8Array(lengthBytes).fill(0xdd);
  return transfer(btt, 'read', offset, data) === 0 ? data : undefined;
}

/** The instructions that `action` executes, relative to the device. */
export function eventsOf(device: RawDevice, action: () => void): string[] {
  const { record } = device.machine;
  const from = record.length;
  action();
  return formatEntries(record, from, record.length, DEVICE_START);
}

/** The whole device as a CPU sees it. */
export function contents(device: RawDevice): Uint8Array {
  return device.machine.memory.read(DEVICE_START, device.namespace.sizeBytes);
}

/** nvdimm_flush of the device's region (after/). */
export function flushRegion(device: RawDevice): void {
  nvdimmFlush(device.region);
}
