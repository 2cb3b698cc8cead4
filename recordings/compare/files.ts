/** The files of recordings in the machine's memory, and bytes of them as people write them. */
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import type { MediaImage, MemoryRange } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES, roundUp } from '#machine/hardware/units.ts';
import type { ByteSpan } from '#machine/images/image-set.ts';
import type { RunSource } from '#machine/order/persists-before.ts';
import { FILE_SPAN_BYTES, FLUSH_HINT_ADDRESS, type RecordedFile, type Recording } from '../recording.ts';

/** All files lie on one. */
const MODULE = 'memory';

/** The run of a recording, as the analysis wants it. */
export function runSourceOf(recording: Recording, initialMedia: MediaImage): RunSource {
  const ranges = recording.files.map(({ path, sizeBytes }, index): MemoryRange => ({
    name: path,
    start: index * FILE_SPAN_BYTES,
    sizeBytes: roundUp(Math.max(sizeBytes, 1), PAGE_SIZE_BYTES) + FILE_SPAN_BYTES / 2,
    kind: 'persistent',
    modules: [MODULE],
  }));
  const flushHints = [{ address: FLUSH_HINT_ADDRESS, modules: [MODULE] }];
  return { record: recording.record, ranges, initialMedia, flushHints, threads: recording.threads };
}

/** Makes the files of `after` those of `before`: by path, or by order where both have one. Throws `InputError`. */
export function matchFiles(before: Recording, after: Recording): string[] {
  const paths = before.files.map(({ path }) => path);
  const others = after.files.map(({ path }) => path);
  if (paths.length === 1 && others.length === 1)
    return paths[0] === others[0]
      ? []
      : [`${printable(others[0] ?? '')} of the second recording is taken for ${printable(paths[0] ?? '')}`];
  const missing = [
    ...others.filter((path) => !paths.includes(path)),
    ...paths.filter((path) => !others.includes(path)),
  ];
  if (missing.length > 0)
    throw new InputError(
      `${printable(missing[0] ?? '')} was mapped in one recording only: ${before.source} has ${paths.join(', ')}, ${after.source} has ${others.join(', ')}`,
    );
  if (paths.every((path, index) => path === others[index])) return [];
  const slots = others.map((path) => paths.indexOf(path));
  const { addresses, length } = after.record;
  for (let entry = 0; entry < length; entry++) {
    const address = addresses[entry] ?? 0;
    const file = Math.floor(address / FILE_SPAN_BYTES);
    addresses[entry] = address + ((slots[file] ?? 0) - file) * FILE_SPAN_BYTES;
  }
  const files = [...after.files].sort((left, right) => paths.indexOf(left.path) - paths.indexOf(right.path));
  (after.files as RecordedFile[]).splice(0, files.length, ...files);
  return [];
}

/** `FILE` or `FILE:OFFSET:BYTES`, numbers decimal or with 0x. Throws `InputError` for a file that was not mapped. */
export function parseRegion(text: string, files: readonly RecordedFile[]): ByteSpan {
  const whole = files.findIndex(({ path }) => path === text);
  if (whole >= 0) return { start: whole * FILE_SPAN_BYTES, end: (whole + 1) * FILE_SPAN_BYTES };
  const [, path = text, offset = '', bytes = ''] =
    /^(.*):(0x[0-9a-f]+|\d+):(0x[0-9a-f]+|\d+)$/i.exec(text) ?? [];
  const index = files.findIndex((file) => file.path === path);
  if (index < 0 || offset === '') {
    const known = files.map((file) => file.path).join(', ');
    throw new InputError(
      `--region ${printable(text)}: expected FILE or FILE:OFFSET:BYTES\n  files that were mapped: ${known}`,
    );
  }
  const start = Number(offset);
  const size = Number(bytes);
  const limit = files[index]?.sizeBytes ?? 0;
  if (size === 0 || start + size > roundUp(limit, PAGE_SIZE_BYTES))
    throw new InputError(
      `--region ${printable(text)}: expected bytes of ${path}, which has ${limit}, found ${size} from ${start}`,
    );
  return { start: index * FILE_SPAN_BYTES + start, end: index * FILE_SPAN_BYTES + start + size };
}

/** An address as people write it: `x.img +0x3c14d0`. */
export function placeOfAddress(
  address: number,
  files: readonly RecordedFile[],
): { file: string; offset: number } {
  const index = Math.floor(address / FILE_SPAN_BYTES);
  return { file: files[index]?.path ?? `file ${index}`, offset: address - index * FILE_SPAN_BYTES };
}
