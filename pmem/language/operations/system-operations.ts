/** Operations on drivers, tasks and power. */
import type { Argument } from '../argument.ts';
import { optional } from '../argument.ts';
import { disk, pmem } from '../arguments/disks.ts';
import { onOrOff, oneOf } from '../arguments/values.ts';
import { refusal } from '../check-place.ts';
import { type Promised, describe } from '../descriptor.ts';

const pid: Argument<number> = {
  usage: 'NUMBER',
  take: (reader) => reader.takeSize(),
  text: String,
};

const IMAGES = ['worst', 'best'] as const;

/** What a power failure leaves. */
const image: Argument<(typeof IMAGES)[number]> = {
  ...optional(oneOf(IMAGES, 'an image'), IMAGES, 'worst'),
  text: (kept) => (kept === 'worst' ? '' : kept),
};

/** Images of one operation that are booted unless asked otherwise: each takes 10 to 40 ms, most of it the boot. */
export const INSIDE_BOUND = 60;

/** Most images that a workload may ask for. */
const INSIDE_MAX = 10_000;

/** How many images are tried. */
const bound: Argument<number> = {
  usage: '[BOUND]',
  take: (reader) => (reader.peek() === undefined ? INSIDE_BOUND : reader.takeSize()),
  text: (images) => (images === INSIDE_BOUND ? '' : String(images)),
  check: (images, at) => {
    if (images >= 1 && images <= INSIDE_MAX) return;
    throw refusal(at, (line) => line.words.at(-1), `a bound of ${images} images`, `1 to ${INSIDE_MAX}`);
  },
};

const flushesBlocks = (step: { readonly disk: string }): readonly Promised[] => [
  { of: 'blocks of driver', disk: step.disk },
];

export const SYSTEM_OPERATIONS = describe({
  kill: { meaning: 'kill_dax: the dax device dies', arguments: { disk } },
  // The driver flushes its region when it goes, and when it is told of a shutdown (nvdimm-and-firmware.md 2.8).
  detach: { meaning: 'unbinds the pmem driver', arguments: { disk: pmem }, promises: flushesBlocks },
  attach: { meaning: 'binds it again', arguments: { disk: pmem } },
  shutdown: {
    meaning: 'tells the pmem driver of a shutdown',
    arguments: { disk: pmem },
    promises: flushesBlocks,
  },
  pid: { meaning: 'the task that runs from here on; flush hints are chosen by it', arguments: { pid } },
  signal: { meaning: 'a fatal signal is pending for the task', arguments: { pending: onOrOff } },
  crash: {
    meaning:
      'power failure and reboot: only what is guaranteed is left (worst, default), or all that was stored (best)',
    arguments: { image },
    endsLife: true,
    follow: (_step, { writeCache }) => writeCache.clear(),
  },
  'crash inside': {
    meaning:
      'power failure while the operation before it runs: what follows is done once for each image, at most about BOUND of them (default 60)',
    arguments: { bound },
    endsLife: true,
    follow: (_step, { writeCache }) => writeCache.clear(),
  },
});
