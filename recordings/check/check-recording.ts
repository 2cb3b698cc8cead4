/**
 * Holds one recording to what it must keep. Whether ranges hold what was stored is decided from the exact sets; a recovery
 * command is tried on images of every operation in flight, the smallest and the largest first, and the answer says whether
 * those were all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { printable } from '#base/printable.ts';
import { runCommand } from '#engine/probe/run-command.ts';
import { CrashHistory, type PersistencySetting } from '#machine/images/crash-images.ts';
import { WordContents } from '#machine/images/word-contents.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import { roundDown, WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import { type AcknowledgementKind, kindFor, type Labelled, labelled } from '../compare/align.ts';
import { parseRegion, placeOfAddress, runSourceOf } from '../compare/files.ts';
import { initialMediaOf } from '../compare/initial-media.ts';
import { newestContent } from '../compare/newest-content.ts';
import type { Recording } from '../recording.ts';
import type { Expectation } from './expectations.ts';
import { imagesOf, writeImage } from './list-images.ts';

/** What came of one expectation at one instant. */
export interface CheckedInstant {
  readonly label: string;
  readonly what: 'holds' | 'recovers';
  /** A sentence; undefined: kept. */
  readonly broken: string | undefined;
  /** Images that were tried, and whether they were all; for `holds` nothing is tried. */
  readonly tried: { readonly images: number; readonly areAll: boolean } | undefined;
}

export interface CheckOptions {
  readonly setting: PersistencySetting;
  readonly kind?: AcknowledgementKind | undefined;
  readonly initial?: readonly string[] | undefined;
  /** The folder that commands run in. */
  readonly folder: string;
}

/** Checks everything. Throws `InputError` for names and ranges that the recording has not. */
export async function checkRecording(
  recording: Recording,
  expectations: readonly Expectation[],
  options: CheckOptions,
): Promise<CheckedInstant[]> {
  const media = initialMediaOf([recording], options.initial ?? []);
  const history = new CrashHistory(new PersistsBefore(runSourceOf(recording, media), options.setting));
  const instants = labelled(recording, kindFor([recording], options.kind));
  const found: CheckedInstant[] = [];
  for (const expectation of expectations)
    if ('holds' in expectation) found.push(checkHolds(recording, history, instants, expectation));
    else found.push(...(await checkRecovers(recording, history, instants, expectation, options.folder)));
  return found;
}

function checkHolds(
  recording: Recording,
  history: CrashHistory,
  instants: readonly Labelled[],
  { after, holds }: { readonly after: string; readonly holds: readonly string[] },
): CheckedInstant {
  const set = history.acked(pointOf(history, instants, after));
  const contents = new WordContents(set);
  const result = { label: after, what: 'holds', tried: undefined } as const;
  for (const range of holds) {
    const { start, end: rangeEnd } = parseRegion(range, recording.files);
    const file = recording.files[Math.floor(start / 2 ** 40)];
    const end = Math.min(rangeEnd, start - (start % 2 ** 40) + (file?.sizeBytes ?? 0));
    for (let word = roundDown(start, WORD_SIZE_BYTES); word < end; word += WORD_SIZE_BYTES) {
      if (set.wordAt(word) === undefined) continue;
      const [from, to] = [Math.max(0, start - word), Math.min(WORD_SIZE_BYTES, end - word)];
      const newest = newestContent(set, word).subarray(from, to);
      const other = contents
        .at(word)
        .find(({ bytes }) => Buffer.compare(bytes.subarray(from, to), newest) !== 0);
      if (other === undefined) continue;
      const { file: path, offset } = placeOfAddress(word + from, recording.files);
      return {
        ...result,
        broken: `${printable(path)} +0x${offset.toString(16)} may hold ${hex(other.bytes.subarray(from, to))}, and ${hex(newest)} was stored`,
      };
    }
  }
  return { ...result, broken: undefined };
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

function pointOf(history: CrashHistory, instants: readonly Labelled[], label: string): number {
  const instant = instants.find((one) => one.label === label);
  if (instant === undefined) {
    const known = instants.map((one) => one.label);
    throw new InputError(
      `'${printable(label)}' is no acknowledgement of the recording\n  allowed: ${known.length === 0 ? 'none, it has none' : known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}`,
    );
  }
  return history.acknowledgements.findIndex(({ entry }) => entry === instant.acknowledgement.entry);
}

async function checkRecovers(
  recording: Recording,
  history: CrashHistory,
  instants: readonly Labelled[],
  {
    recovers,
    images,
    seconds,
  }: { readonly recovers: string; readonly images: number; readonly seconds: number },
  folder: string,
): Promise<CheckedInstant[]> {
  const [file] = recording.files;
  if (file === undefined || recording.files.length > 1)
    throw new InputError(`recovers: expected a recording of one file, found ${recording.files.length}`);
  const aside = mkdtempSync(join(tmpdir(), 'conform-check-'));
  try {
    const found: CheckedInstant[] = [];
    for (const { label } of instants) {
      const listed = imagesOf(history.inFlight(pointOf(history, instants, label)), images);
      const failures = await inParallel(listed.images, async (image, index) => {
        const path = join(aside, `image-${index}`);
        writeImage(path, file.sizeBytes, history.order.source.initialMedia, image);
        const { ending } = await runCommand({
          command: recovers,
          folder,
          input: '',
          environment: { CONFORM_IMAGE: path },
          timeoutSeconds: seconds,
          outputBytesMax: 2 ** 20,
        });
        rmSync(path, { force: true });
        if (ending.kind === 'exit' && ending.code === 0) return undefined;
        return ending.kind === 'exit'
          ? `exits with ${ending.code}`
          : ending.kind === 'signal'
            ? `is killed by ${ending.signal}`
            : ending.why;
      });
      const bad = failures.filter((failure) => failure !== undefined);
      const first = failures.findIndex((failure) => failure !== undefined);
      found.push({
        label,
        what: 'recovers',
        tried: { images: listed.images.length, areAll: listed.areAll },
        broken:
          bad.length === 0
            ? undefined
            : `on ${bad.length} of ${listed.images.length} images the command ${bad[0]}; the first: ${describe(listed.images[first], recording)}`,
      });
    }
    return found;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The words of an image that are not as they were at first, a few. */
function describe(image: ReadonlyMap<number, Uint8Array> | undefined, recording: Recording): string {
  const words = [...(image ?? [])].map(([address, bytes]) => {
    const { offset } = placeOfAddress(address, recording.files);
    return `+0x${offset.toString(16)} ${hex(bytes)}`;
  });
  return words.length === 0
    ? 'nothing stored'
    : `${words.slice(0, 6).join(', ')}${words.length > 6 ? ', …' : ''}`;
}

async function inParallel<T, R>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await act(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(items.length, availableParallelism()) }, worker));
  return results;
}
