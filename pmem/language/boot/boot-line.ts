/** The `boot` line of a workload: power-fail domain, CPU, kernel configuration, devices. */
import type { PowerFailDomain } from '#machine/hardware/machine.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { ConfigSymbol } from '#kernel/kernel.ts';
import {
  type BootConfiguration,
  type DeviceConfiguration,
  type FirmwareConfiguration,
  MEMORY_DISK_KINDS,
} from '#kernel/subsystem/operation.ts';
import type { Word } from '../lines.ts';
import { formatSize } from '../sizes.ts';
import type { WordReader } from '../words.ts';
import { DEVICE_OPTIONS, formatDevice, parseDevice } from './device-word.ts';
import { FIRMWARE_OPTIONS, formatFirmware, parseFirmware } from './firmware-word.ts';

/** What survives a power failure. */
export const DOMAINS: readonly PowerFailDomain[] = ['none', 'adr', 'eadr'];

/** Words for the best write-back instruction of the CPU. */
const FEATURES: ReadonlyMap<string, BootConfiguration['features']> = new Map([
  ['clwb', { clwb: true, clflushopt: true }],
  ['clflushopt', { clwb: false, clflushopt: true }],
  ['clflush', { clwb: false, clflushopt: false }],
]);

/** Words that switch a CONFIG_ symbol off. */
export const DISABLED: ReadonlyMap<string, ConfigSymbol> = new Map([
  ['no-pmem-api', 'ARCH_HAS_PMEM_API'],
  ['no-flushcache', 'ARCH_HAS_UACCESS_FLUSHCACHE'],
  ['no-ram-dax', 'BLK_DEV_RAM_DAX'],
]);

const ALLOWED = [
  ...DOMAINS,
  ...FEATURES.keys(),
  ...DISABLED.keys(),
  `pmemN=SIZE[,OPTION…] (${DEVICE_OPTIONS})`,
  ...MEMORY_DISK_KINDS.map((kind) => `${kind}N=SIZE`),
  `nfit=TABLE[,OPTION…] (${FIRMWARE_OPTIONS})`,
  'e820=SIZE',
].join(', ');

/** Parses the words after `boot`. */
export function parseBoot(reader: WordReader): BootConfiguration {
  let domain: PowerFailDomain | undefined;
  let features: BootConfiguration['features'] | undefined;
  const disabledSymbols: ConfigSymbol[] = [];
  const devices: DeviceConfiguration[] = [];
  const firmware: FirmwareConfiguration[] = [];
  const legacyRanges: number[] = [];
  while (reader.peek() !== undefined) {
    const word = reader.take(ALLOWED);
    const wantedDomain = DOMAINS.find((name) => name === word.text);
    const wantedFeatures = FEATURES.get(word.text);
    const symbol = DISABLED.get(word.text);
    if (wantedDomain !== undefined) {
      reader.refuseSecond(word, word.text, domain !== undefined, 'what survives a power failure');
      domain = wantedDomain;
    } else if (wantedFeatures !== undefined) {
      reader.refuseSecond(word, word.text, features !== undefined, 'the CPU');
      features = wantedFeatures;
    } else if (symbol !== undefined) {
      reader.refuseSecond(word, word.text, disabledSymbols.includes(symbol), `CONFIG_${symbol}`);
      disabledSymbols.push(symbol);
    } else if (word.text.startsWith('nfit=')) firmware.push(parseFirmware(reader, word));
    else if (word.text.startsWith('e820=')) legacyRanges.push(parseLegacyRange(reader, word));
    else devices.push(parseDevice(reader, word, devices, ALLOWED));
  }
  return {
    domain: domain ?? 'adr',
    features: features ?? { clwb: true, clflushopt: true },
    disabledSymbols,
    devices,
    ...(firmware.length === 0 ? {} : { firmware }),
    ...(legacyRanges.length === 0 ? {} : { legacyRanges }),
  };
}

/** Parses `e820=SIZE`. */
function parseLegacyRange(reader: WordReader, word: Word): number {
  const size = { text: word.text.slice('e820='.length), column: word.column + 'e820='.length };
  const sizeBytes = reader.number(size);
  if (sizeBytes > 0 && sizeBytes % PAGE_SIZE_BYTES === 0) return sizeBytes;
  throw reader.error(size, `a range of ${size.text} bytes`, 'a multiple of 4K above 0');
}

/** The text of a boot line; `parseBoot` of it gives the same configuration. */
export function formatBoot(boot: BootConfiguration): string {
  const feature = boot.features.clwb ? 'clwb' : boot.features.clflushopt ? 'clflushopt' : 'clflush';
  const off = [...DISABLED].filter(([, symbol]) => boot.disabledSymbols.includes(symbol));
  return [
    'boot',
    boot.domain,
    feature,
    ...off.map(([word]) => word),
    ...boot.devices.map(formatDevice),
    ...(boot.legacyRanges ?? []).map((sizeBytes) => `e820=${formatSize(sizeBytes)}`),
    ...(boot.firmware ?? []).map(formatFirmware),
  ].join(' ');
}
