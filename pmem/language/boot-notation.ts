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
import { FIRMWARE_OPTIONS, formatFirmware, parseFirmware } from './firmware-notation.ts';
import { type Mutable, type Word, type WordReader, formatSize, parseSize, wordError } from './words.ts';

const DOMAINS: readonly PowerFailDomain[] = ['none', 'adr', 'eadr'];

/** Words for the best write-back instruction of the CPU. */
const FEATURES: ReadonlyMap<string, BootConfiguration['features']> = new Map([
  ['clwb', { clwb: true, clflushopt: true }],
  ['clflushopt', { clwb: false, clflushopt: true }],
  ['clflush', { clwb: false, clflushopt: false }],
]);

/** Words that switch a CONFIG_ symbol off. */
const DISABLED: ReadonlyMap<string, ConfigSymbol> = new Map([
  ['no-pmem-api', 'ARCH_HAS_PMEM_API'],
  ['no-flushcache', 'ARCH_HAS_UACCESS_FLUSHCACHE'],
  ['no-ram-dax', 'BLK_DEV_RAM_DAX'],
]);

const DEVICE_OPTIONS =
  'hints=N, hints=N+N for two dimms, no-dimm, volatile, ro, pages, ram-below, clear=SIZE';

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
    else devices.push(parseDevice(reader, word, devices));
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
  throw wordError(reader.line, size, `a range of ${size.text} bytes`, 'a multiple of 4K above 0');
}

/** A word that names a device: its name, kind, size and options. */
const DEVICE_WORD = new RegExp(`^((pmem|${MEMORY_DISK_KINDS.join('|')})\\d+)=([^,]*)((?:,.*)?)$`);

/** Parses `NAME=SIZE[,OPTION…]`. */
function parseDevice(
  reader: WordReader,
  word: Word,
  earlier: readonly DeviceConfiguration[],
): DeviceConfiguration {
  const match = DEVICE_WORD.exec(word.text);
  if (match === null)
    throw wordError(reader.line, word, `'${word.text}' means nothing in a boot line`, ALLOWED);
  const [, name = '', kindText = '', sizeText = '', options = ''] = match;
  const sizeWord = { text: sizeText, column: word.column + name.length + 1 };
  const sizeBytes = reader.number(sizeWord);
  if (sizeBytes === 0 || sizeBytes % PAGE_SIZE_BYTES !== 0) {
    throw wordError(reader.line, sizeWord, `a device of ${sizeText} bytes`, 'a multiple of 4K above 0');
  }
  const expected = `${kindText}${earlier.filter((device) => device.kind === kindText).length}`;
  if (name !== expected) {
    throw wordError(
      reader.line,
      word,
      `'${name}' out of turn`,
      `${expected}: devices of a kind count up from 0`,
    );
  }
  const memoryDisk = MEMORY_DISK_KINDS.find((kind) => kind === kindText);
  if (memoryDisk !== undefined) {
    if (options !== '') throw wordError(reader.line, word, `${name} has no options`, `${memoryDisk}N=SIZE`);
    return { kind: memoryDisk, name, sizeBytes };
  }
  const device: Mutable<Extract<DeviceConfiguration, { kind: 'pmem' }>> = {
    kind: 'pmem',
    name,
    sizeBytes,
    hintsByDimm: [0],
    isVolatile: false,
    isReadOnly: false,
    hasRamBelow: false,
    hasStructPages: false,
    clearUnitBytes: 256,
  };
  const kinds = new Set<string>();
  for (const option of options.split(',').slice(1)) {
    const kind = applyOption(reader, word, device, option);
    reader.refuseSecond(word, option, kinds.has(kind), kind);
    kinds.add(kind);
  }
  return device;
}

/** Most dimms of a region (ND_MAX_MAPPINGS): one more, and the kernel makes no region (nvdimm-and-firmware.md 1). */
const DIMMS_MAX = 32;

/** Most flush hints of a dimm: their addresses share a page, 8 bytes each. */
const HINTS_MAX = PAGE_SIZE_BYTES / 8;

/** The flush hints of each dimm, as `hints=` gives them. */
function parseHints(reader: WordReader, word: Word, text: string): number[] {
  const hints = text.split('+').map(Number);
  if (hints.length > DIMMS_MAX)
    throw wordError(reader.line, word, `${hints.length} dimms in one region`, `at most ${DIMMS_MAX}`);
  const tooMany = hints.find((count) => count > HINTS_MAX);
  if (tooMany !== undefined)
    throw wordError(reader.line, word, `${tooMany} flush hints of one dimm`, `at most ${HINTS_MAX}`);
  return hints;
}

/** Takes an option over into `device`; gives what it is about. */
function applyOption(
  reader: WordReader,
  word: Word,
  device: Mutable<Extract<DeviceConfiguration, { kind: 'pmem' }>>,
  option: string,
): string {
  const hints = /^hints=(\d+(?:\+\d+)*)$/.exec(option)?.[1];
  const clear = parseSize(/^clear=(.+)$/.exec(option)?.[1] ?? '');
  if (hints !== undefined) device.hintsByDimm = parseHints(reader, word, hints);
  else if (clear !== undefined) device.clearUnitBytes = clear;
  else if (option === 'no-dimm') device.hintsByDimm = [];
  else if (option === 'volatile') device.isVolatile = true;
  else if (option === 'ro') device.isReadOnly = true;
  else if (option === 'ram-below') device.hasRamBelow = true;
  else if (option === 'pages') device.hasStructPages = true;
  else throw wordError(reader.line, word, `'${option}' is no option of a pmem device`, DEVICE_OPTIONS);
  if (hints !== undefined || option === 'no-dimm') return 'the dimms';
  return clear === undefined ? `'${option}'` : 'the clear unit';
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

function formatDevice(device: DeviceConfiguration): string {
  const size = `${device.name}=${formatSize(device.sizeBytes)}`;
  if (device.kind !== 'pmem') return size;
  const options = [
    device.hintsByDimm.length === 0 ? 'no-dimm' : '',
    device.hintsByDimm.some((count) => count > 0) || device.hintsByDimm.length > 1
      ? `hints=${device.hintsByDimm.join('+')}`
      : '',
    device.isVolatile ? 'volatile' : '',
    device.isReadOnly ? 'ro' : '',
    device.hasRamBelow ? 'ram-below' : '',
    device.hasStructPages ? 'pages' : '',
    device.clearUnitBytes === 256 ? '' : `clear=${formatSize(device.clearUnitBytes)}`,
  ];
  return [size, ...options.filter((option) => option !== '')].join(',');
}
