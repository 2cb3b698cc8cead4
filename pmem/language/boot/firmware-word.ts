/** The `nfit=` word of a boot line: a bus that firmware tables describe. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  ACPI_PROVIDER,
  FIRMWARE_TABLE_NAMES,
  firmwareTable,
  hasLabels,
} from '#kernel/subsystem/firmware-tables.ts';
import { ODD_TABLE_NAMES } from '#kernel/subsystem/odd-tables.ts';
import type { FirmwareConfiguration } from '#kernel/subsystem/operation.ts';
import type { Word } from '../lines.ts';
import { packageFolder } from '#base/own-package.ts';
import type { WordReader } from '../words.ts';

/** This project, whose own tables can be named from anywhere. */
const PROJECT = packageFolder;

/** What may stand after the table. */
export const FIRMWARE_OPTIONS = 'labels, labels=HANDLE+HANDLE…, no-labels, ars=overflow';

/** Parses `nfit=TABLE[,OPTION…]`: a ready-made table by name, or a file with a table in it by its path. */
export function parseFirmware(reader: WordReader, word: Word): FirmwareConfiguration {
  const [source = '', ...options] = word.text.slice('nfit='.length).split(',');
  const known = firmwareTable(source);
  const configuration: { -readonly [Key in keyof FirmwareConfiguration]: FirmwareConfiguration[Key] } = {
    source,
    table: known?.table ?? tableInFile(reader, word, source),
    labels: usualLabels(source),
    isMock: known?.isMock ?? false,
    providerName: known?.providerName ?? ACPI_PROVIDER,
    firmwareScrub: 'none',
  };
  const kinds = new Set<string>();
  for (const option of options) {
    const labels = labelsOf(option);
    if (labels !== undefined) configuration.labels = labels;
    else if (option === 'ars=overflow') configuration.firmwareScrub = 'overflow';
    else throw reader.error(word, `'${option}' is no option of a table`, FIRMWARE_OPTIONS);
    const kind = labels === undefined ? 'the scrub of firmware' : 'labels';
    reader.refuseSecond(word, option, kinds.has(kind), kind);
    kinds.add(kind);
  }
  return configuration;
}

/** The dimms with a label area, as an option says it; `undefined` for an option that says something else. */
function labelsOf(option: string): FirmwareConfiguration['labels'] | undefined {
  if (option === 'labels') return 'all';
  if (option === 'no-labels') return [];
  const handles = /^labels=(.+)$/.exec(option)?.[1]?.split('+');
  return handles?.every((handle) => /^(?:0x[0-9a-f]+|\d+)$/i.test(handle)) === true
    ? handles.map(Number)
    : undefined;
}

/** What an ACPI table of this kind begins with (nvdimm-and-firmware.md 10.1). */
const NFIT_SIGNATURE = 'NFIT';

/** The table in a file, which is looked for from the current folder and then from the project's. */
function tableInFile(reader: WordReader, word: Word, path: string): Uint8Array {
  const file = [resolve(path), resolve(PROJECT, path)].find(
    (candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true,
  );
  if (file === undefined) {
    const allowed = `${[...FIRMWARE_TABLE_NAMES, ...ODD_TABLE_NAMES].join(', ')}, or the path of a file with a table`;
    throw reader.error(word, `no firmware table '${path}'`, allowed);
  }
  const allowed = `a file that can be read and begins with ${NFIT_SIGNATURE}`;
  try {
    const table = readFileSync(file);
    if (table.toString('latin1', 0, NFIT_SIGNATURE.length) === NFIT_SIGNATURE) return new Uint8Array(table);
  } catch (error) {
    throw reader.error(word, error instanceof Error ? error.message : String(error), allowed);
  }
  throw reader.error(word, `${file} holds no firmware table`, allowed);
}

/** The dimms with a label area when no option says so. */
const usualLabels = (source: string): FirmwareConfiguration['labels'] => (hasLabels(source) ? 'all' : []);

/** The same table with an option less. */
export function* simplerFirmware(configuration: FirmwareConfiguration): Generator<FirmwareConfiguration> {
  yield { ...configuration, labels: usualLabels(configuration.source) };
  yield { ...configuration, firmwareScrub: 'none' };
}

/** The text of a word that `parseFirmware` reads. */
export function formatFirmware({ source, labels, firmwareScrub }: FirmwareConfiguration): string {
  const usual = hasLabels(source) ? 'all' : '';
  const own = labels === 'all' ? 'all' : labels.map((handle) => `0x${handle.toString(16)}`).join('+');
  const word = own === 'all' ? 'labels' : own === '' ? 'no-labels' : `labels=${own}`;
  const options = [own === usual ? '' : word, firmwareScrub === 'none' ? '' : 'ars=overflow'];
  return [`nfit=${source}`, ...options.filter((option) => option !== '')].join(',');
}
