/** The words of a boot line that name a device: `pmem0=2M,hints=8+8,pages`, `ram0=1M`. */
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type DeviceConfiguration, MEMORY_DISK_KINDS } from '#kernel/subsystem/operation.ts';
import type { Word } from '../lines.ts';
import { formatSize } from '../sizes.ts';
import type { WordReader } from '../words.ts';

/** A pmem namespace over its own region. */
export type PmemDevice = Extract<DeviceConfiguration, { kind: 'pmem' }>;

type OpenPmemDevice = { -readonly [Key in keyof PmemDevice]: PmemDevice[Key] };

/** What may stand after the size. */
export const DEVICE_OPTIONS =
  'hints=N, hints=N+N for two dimms, no-dimm, volatile, ro, pages, ram-below, clear=SIZE';

/** A pmem device of which nothing else is said: one dimm without flush hints. */
export const plainPmem = (name: string, sizeBytes: number): PmemDevice => ({
  kind: 'pmem',
  name,
  sizeBytes,
  hintsByDimm: [0],
  isVolatile: false,
  isReadOnly: false,
  hasRamBelow: false,
  hasStructPages: false,
  clearUnitBytes: 256,
});

/** A word that names a device: its name, kind, size and options. */
const DEVICE_WORD = new RegExp(`^((pmem|${MEMORY_DISK_KINDS.join('|')})\\d+)=([^,]*)((?:,.*)?)$`);

/** Parses `NAME=SIZE[,OPTION…]`; `allowed` says what a boot line may hold. */
export function parseDevice(
  reader: WordReader,
  word: Word,
  earlier: readonly DeviceConfiguration[],
  allowed: string,
): DeviceConfiguration {
  const match = DEVICE_WORD.exec(word.text);
  if (match === null) throw reader.error(word, `'${word.text}' means nothing in a boot line`, allowed);
  const [, name = '', kindText = '', sizeText = '', options = ''] = match;
  const sizeWord = { text: sizeText, column: word.column + name.length + 1 };
  const sizeBytes = reader.number(sizeWord);
  if (sizeBytes === 0 || sizeBytes % PAGE_SIZE_BYTES !== 0)
    throw reader.error(sizeWord, `a device of ${sizeText} bytes`, 'a multiple of 4K above 0');
  const expected = `${kindText}${earlier.filter((device) => device.kind === kindText).length}`;
  if (name !== expected)
    throw reader.error(word, `'${name}' out of turn`, `${expected}: devices of a kind count up from 0`);
  const memoryDisk = MEMORY_DISK_KINDS.find((kind) => kind === kindText);
  if (memoryDisk === undefined) return parsePmem(reader, word, plainPmem(name, sizeBytes), options);
  if (options !== '') throw reader.error(word, `${name} has no options`, `${memoryDisk}N=SIZE`);
  return { kind: memoryDisk, name, sizeBytes };
}

function parsePmem(reader: WordReader, word: Word, plain: PmemDevice, options: string): PmemDevice {
  const device = { ...plain };
  const kinds = new Set<string>();
  for (const option of options.split(',').slice(1)) {
    const kind = applyOption(reader, word, device, option);
    reader.refuseSecond(word, option, kinds.has(kind), kind);
    kinds.add(kind);
  }
  return device;
}

/** Takes an option over into `device`; gives what it is about. */
function applyOption(reader: WordReader, word: Word, device: OpenPmemDevice, option: string): string {
  const hints = /^hints=(\d+(?:\+\d+)*)$/.exec(option)?.[1];
  const clear = /^clear=(.+)$/.exec(option)?.[1];
  if (hints !== undefined) device.hintsByDimm = parseHints(reader, word, hints);
  else if (clear !== undefined) device.clearUnitBytes = reader.number(partOf(word, option, clear));
  else if (option === 'no-dimm') device.hintsByDimm = [];
  else if (option === 'volatile') device.isVolatile = true;
  else if (option === 'ro') device.isReadOnly = true;
  else if (option === 'ram-below') device.hasRamBelow = true;
  else if (option === 'pages') device.hasStructPages = true;
  else throw reader.error(word, `'${option}' is no option of a pmem device`, DEVICE_OPTIONS);
  if (hints !== undefined || option === 'no-dimm') return 'the dimms';
  return clear === undefined ? `'${option}'` : 'the clear unit';
}

/** The value of an option as a word of its own. */
const partOf = (word: Word, option: string, value: string): Word => ({
  text: value,
  column: word.column + word.text.indexOf(option) + option.length - value.length,
});

/** Most dimms of a region (ND_MAX_MAPPINGS): one more, and the kernel makes no region (nvdimm-and-firmware.md 1). */
const DIMMS_MAX = 32;

/** Most flush hints of a dimm: their addresses share a page, 8 bytes each. */
const HINTS_MAX = PAGE_SIZE_BYTES / 8;

/** The flush hints of each dimm, as `hints=` gives them. */
function parseHints(reader: WordReader, word: Word, text: string): number[] {
  const hints = text.split('+').map(Number);
  if (hints.length > DIMMS_MAX)
    throw reader.error(word, `${hints.length} dimms in one region`, `at most ${DIMMS_MAX}`);
  const tooMany = hints.find((count) => count > HINTS_MAX);
  if (tooMany !== undefined)
    throw reader.error(word, `${tooMany} flush hints of one dimm`, `at most ${HINTS_MAX}`);
  return hints;
}

/** The text of a word that `parseDevice` reads. */
export function formatDevice(device: DeviceConfiguration): string {
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
