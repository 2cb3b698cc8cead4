/** Operations on drivers, tasks and power. */
import type { Argument } from '../argument.ts';
import { optional } from '../argument.ts';
import { disk, pmem } from '../arguments/disks.ts';
import { onOrOff, oneOf } from '../arguments/values.ts';
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
});
