/** The `boot` line of a workload: power-fail domain, CPU, kernel configuration, devices. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PowerFailDomain } from '#machine/machine.ts';
import { PAGE_SIZE_BYTES } from '#machine/units.ts';
import type { ConfigSymbol } from '#kernel/kernel.ts';
import { ACPI_PROVIDER, FIRMWARE_TABLE_NAMES, firmwareTable } from '#kernel/subsystem/firmware-tables.ts';
import {
  type BootConfiguration,
  type DeviceConfiguration,
  type FirmwareConfiguration,
  MEMORY_DISK_KINDS,
} from '#kernel/subsystem/operation.ts';
import { rootFolder } from '#series/trees.ts';
import { type Word, type WordReader, formatSize, parseSize, wordError } from './words.ts';

const DOMAINS: readonly PowerFailDomain[] = ['none', 'adr', 'eadr'];

/** Words for the best write-back instruction of the CPU. */
const FEATURES = {
  clwb: { clwb: true, clflushopt: true },
  clflushopt: { clwb: false, clflushopt: true },
  clflush: { clwb: false, clflushopt: false },
} as const;

/** Words that switch a CONFIG_ symbol off. */
const DISABLED: Readonly<Record<string, ConfigSymbol>> = {
  'no-pmem-api': 'ARCH_HAS_PMEM_API',
  'no-flushcache': 'ARCH_HAS_UACCESS_FLUSHCACHE',
  'no-ram-dax': 'BLK_DEV_RAM_DAX',
};

const DEVICE_OPTIONS =
  'hints=N, hints=N+N for two dimms, no-dimm, volatile, ro, pages, ram-below, clear=SIZE';

const FIRMWARE_OPTIONS = 'labels, labels=HANDLE+HANDLE…, no-labels, ars=overflow';

const ALLOWED = [
  ...DOMAINS,
  ...Object.keys(FEATURES),
  ...Object.keys(DISABLED),
  `pmemN=SIZE[,OPTION…] (${DEVICE_OPTIONS})`,
  ...MEMORY_DISK_KINDS.map((kind) => `${kind}N=SIZE`),
  `nfit=TABLE[,OPTION…] (${FIRMWARE_OPTIONS})`,
  'e820=SIZE',
].join(', ');

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Parses the words after `boot`. */
export function parseBoot(reader: WordReader): BootConfiguration {
  let domain: PowerFailDomain = 'adr';
  let features: BootConfiguration['features'] = FEATURES.clwb;
  const disabledSymbols: ConfigSymbol[] = [];
  const devices: DeviceConfiguration[] = [];
  const firmware: FirmwareConfiguration[] = [];
  const legacyRanges: number[] = [];
  while (reader.peek() !== undefined) {
    const word = reader.take(ALLOWED);
    const wantedDomain = DOMAINS.find((name) => name === word.text);
    const symbol = DISABLED[word.text];
    if (wantedDomain !== undefined) domain = wantedDomain;
    else if (word.text in FEATURES) features = FEATURES[word.text as keyof typeof FEATURES];
    else if (symbol !== undefined) disabledSymbols.push(symbol);
    else if (word.text.startsWith('nfit=')) firmware.push(parseFirmware(reader, word));
    else if (word.text.startsWith('e820=')) legacyRanges.push(parseLegacyRange(reader, word));
    else devices.push(parseDevice(reader, word, devices));
  }
  return {
    domain,
    features,
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

/** Parses `nfit=TABLE[,OPTION…]`: a ready-made table by name, or a file with a table in it by its path. */
function parseFirmware(reader: WordReader, word: Word): FirmwareConfiguration {
  const [source = '', ...options] = word.text.slice('nfit='.length).split(',');
  const known = firmwareTable(source);
  const file = resolve(rootFolder, source);
  if (known === undefined && statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    const allowed = `${FIRMWARE_TABLE_NAMES.join(', ')}, or the path of a file with a table`;
    throw wordError(reader.line, word, `no firmware table '${source}'`, allowed);
  }
  const configuration: Mutable<FirmwareConfiguration> = {
    source,
    table: known?.table ?? new Uint8Array(readFileSync(file)),
    labels: known?.hasLabels === true ? 'all' : [],
    isMock: known?.isMock ?? false,
    providerName: known?.providerName ?? ACPI_PROVIDER,
    firmwareScrub: 'none',
  };
  for (const option of options) {
    const handles = /^labels=(.+)$/.exec(option)?.[1]?.split('+').map(Number);
    if (option === 'labels') configuration.labels = 'all';
    else if (option === 'no-labels') configuration.labels = [];
    else if (handles !== undefined && handles.every(Number.isInteger)) configuration.labels = handles;
    else if (option === 'ars=overflow') configuration.firmwareScrub = 'overflow';
    else throw wordError(reader.line, word, `'${option}' is no option of a table`, FIRMWARE_OPTIONS);
  }
  return configuration;
}

function formatFirmware({ source, labels, firmwareScrub }: FirmwareConfiguration): string {
  const usual = firmwareTable(source)?.hasLabels === true ? 'all' : '';
  const own = labels === 'all' ? 'all' : labels.map((handle) => `0x${handle.toString(16)}`).join('+');
  const word = own === 'all' ? 'labels' : own === '' ? 'no-labels' : `labels=${own}`;
  const options = [own === usual ? '' : word, firmwareScrub === 'none' ? '' : 'ars=overflow'];
  return [`nfit=${source}`, ...options.filter((option) => option !== '')].join(',');
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
  for (const option of options.split(',').slice(1)) applyOption(reader, word, device, option);
  return device;
}

function applyOption(
  reader: WordReader,
  word: Word,
  device: Mutable<Extract<DeviceConfiguration, { kind: 'pmem' }>>,
  option: string,
): void {
  const hints = /^hints=(\d+(?:\+\d+)*)$/.exec(option)?.[1];
  const clear = parseSize(/^clear=(.+)$/.exec(option)?.[1] ?? '');
  if (hints !== undefined) device.hintsByDimm = hints.split('+').map(Number);
  else if (clear !== undefined) device.clearUnitBytes = clear;
  else if (option === 'no-dimm') device.hintsByDimm = [];
  else if (option === 'volatile') device.isVolatile = true;
  else if (option === 'ro') device.isReadOnly = true;
  else if (option === 'ram-below') device.hasRamBelow = true;
  else if (option === 'pages') device.hasStructPages = true;
  else throw wordError(reader.line, word, `'${option}' is no option of a pmem device`, DEVICE_OPTIONS);
}

/** The text of a boot line; `parseBoot` of it gives the same configuration. */
export function formatBoot(boot: BootConfiguration): string {
  const feature = boot.features.clwb ? 'clwb' : boot.features.clflushopt ? 'clflushopt' : 'clflush';
  const off = Object.entries(DISABLED).filter(([, symbol]) => boot.disabledSymbols.includes(symbol));
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
