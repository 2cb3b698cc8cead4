/** What files held before a recording: zeros, or an image whose digest is the one that was recorded. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '#base/input-error.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { FILE_SPAN_BYTES, type Recording } from '../recording.ts';

const CHUNK_SIZE_BYTES = 1 << 20;

const digits = (half: number): string => half.toString(16).padStart(8, '0');

/** 64-bit FNV-1a, in two halves because the product of two 32-bit numbers does not fit a double. */
export class Fnv1a64 {
  #low = 0x84222325;
  #high = 0xcbf29ce4;

  add(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high];
    for (let index = 0; index < bytes.length; index++) {
      low = (low ^ (bytes[index] ?? 0)) >>> 0;
      // The prime is 2^40 + 0x1b3.
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
    [this.#low, this.#high] = [low, high];
  }

  /** `fnv1a64:` and 16 hexadecimal digits. */
  get text(): string {
    return `fnv1a64:${digits(this.#high)}${digits(this.#low)}`;
  }
}

/** An image: its digest and the pages of it that are not zeros. */
interface Image {
  readonly path: string;
  readonly digest: string;
  readonly isZeros: boolean;
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

/** Reads an image file. Throws `InputError`. */
export function readImage(path: string): Image {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new InputError(`--initial ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    if (!fstatSync(file).isFile()) throw new InputError(`--initial ${path}: expected a file`);
    const digest = new Fnv1a64();
    const pages = new Map<number, Uint8Array>();
    const buffer = Buffer.alloc(CHUNK_SIZE_BYTES);
    for (let start = 0; ; start += CHUNK_SIZE_BYTES) {
      const size = readSync(file, buffer, 0, CHUNK_SIZE_BYTES, start);
      if (size === 0) break;
      digest.add(buffer.subarray(0, size));
      for (let at = 0; at < size; at += PAGE_SIZE_BYTES) {
        const page = buffer.subarray(at, Math.min(at + PAGE_SIZE_BYTES, size));
        if (page.every((byte) => byte === 0)) continue;
        const kept = new Uint8Array(PAGE_SIZE_BYTES);
        kept.set(page);
        pages.set((start + at) / PAGE_SIZE_BYTES, kept);
      }
    }
    return { path, digest: digest.text, isZeros: pages.size === 0, pages };
  } finally {
    closeSync(file);
  }
}

/**
 * The media that `recordings` started from. Throws `InputError` where they started from different contents, from contents that
 * no image of `paths` is, or where an image is none of theirs.
 */
export function initialMediaOf(recordings: readonly Recording[], paths: readonly string[]): MediaImage {
  const media = new Map<number, Uint8Array>();
  const images = paths.map(readImage);
  const used = new Set<Image>();
  const [first] = recordings;
  for (const [index, file] of (first?.files ?? []).entries()) {
    const initials = recordings.map(({ files }) => files[index]?.initial ?? 'unknown');
    const told = initials.filter((initial) => initial !== 'unknown');
    const [wanted] = told;
    if (told.some((initial) => initial !== wanted))
      throw new InputError(
        `${file.path} held different contents when it was mapped (${initials.join(' and ')}): record both programs on copies of one file`,
      );
    const image = imageFor(file.path, wanted, images);
    if (image === undefined) continue;
    used.add(image);
    const firstPage = (index * FILE_SPAN_BYTES) / PAGE_SIZE_BYTES;
    for (const [page, bytes] of image.pages) media.set(firstPage + page, bytes);
  }
  const unused = images.find((image) => !used.has(image));
  if (unused !== undefined)
    throw new InputError(
      `--initial ${unused.path}: it is ${unused.digest}, and no recorded file held that: ${(
        first?.files ?? []
      )
        .map(({ path, initial }) => `${path} was ${initial}`)
        .join(', ')}`,
    );
  return media;
}

function imageFor(path: string, wanted: string | undefined, images: readonly Image[]): Image | undefined {
  if (wanted === undefined) return images[0];
  if (wanted === 'zeros') return images.find(({ isZeros }) => isZeros);
  const found = images.find(({ digest }) => digest === wanted);
  if (found !== undefined) return found;
  const given = images.map((image) => `\n  --initial ${image.path} is ${image.digest}`).join('');
  throw new InputError(
    `${path} was not empty when it was mapped (${wanted}): give the file as it was then with --initial${given}`,
  );
}
