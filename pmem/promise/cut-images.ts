/**
 * What a power failure inside one operation may leave: images of memory in flight, and the label areas of dimms as each
 * command of the operation leaves them. Commands are obeyed one after another; half of one counts too.
 */
import { materialise } from '#machine/images/crash-images.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import type { CarriedOver, Operation, OperationResult } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import type { Boot } from '../run/run.ts';
import { someImages } from './some-images.ts';
import type { JudgedStep } from './step.ts';
import { storedSpans } from './stored-bytes.ts';

/** What the machine that boots again finds. */
export interface CutImage {
  readonly media: MediaImage;
  readonly carriedOver: CarriedOver;
}

export interface CutImages {
  readonly images: readonly CutImage[];
  /** Whether these are all that there are. */
  readonly isComplete: boolean;
}

type LabelAreas = CarriedOver['labelAreas'];

/** What is noted of one operation besides the record. */
export interface Noted {
  readonly before: CarriedOver;
  readonly after: CarriedOver;
  /** The label areas before each command that wrote to one, and how long the record was then. */
  readonly commands: readonly { readonly areas: LabelAreas; readonly entries: number }[];
}

/** Name of the point before a command that writes to a label area. */
const LABEL_COMMAND = 'nvdimm_set_config_data';

/** The same tree, which notes for each operation what a power failure would not touch. */
export function noting(boot: Boot, noted: Map<number, Noted>): Boot {
  return (configuration) => {
    const subsystem = boot(configuration);
    return {
      ...subsystem,
      perform: (operation, index) => performNoting(subsystem, operation, index, noted),
    };
  };
}

function performNoting(
  subsystem: Subsystem,
  operation: Operation,
  index: number,
  noted: Map<number, Noted>,
): OperationResult {
  const before = subsystem.carriedOver();
  const commands: { areas: LabelAreas; entries: number }[] = [];
  const { record } = subsystem.machine;
  subsystem.watch((name) => {
    if (name !== LABEL_COMMAND) return;
    commands.push({ areas: subsystem.carriedOver().labelAreas, entries: record.length });
  });
  const result = subsystem.perform(operation, index);
  subsystem.watch();
  noted.set(index, { before, after: subsystem.carriedOver(), commands });
  return result;
}

/** At most about `bound` images of memory in flight, and every state of the label areas. */
export function cutImagesOf(step: JudgedStep, noted: Noted, bound: number): CutImages {
  const { initialMedia } = step.state.life.subsystem.machine.memory;
  const memory = someImages(step.history.inFlight(step.outcome.acknowledgement), bound);
  const least = materialise(initialMedia, memory.least);
  const labels = labelImages(step, noted, initialMedia);
  const carriedOver = { ...noted.before, labelAreas: labels.areasUnderStores };
  return {
    images: [
      ...labels.images,
      ...memory.images.map((image) => ({ media: materialise(least, image), carriedOver })),
    ],
    isComplete: memory.isComplete && labels.isComplete,
  };
}

interface LabelImages extends CutImages {
  /** The label areas while the operation stores to memory. */
  readonly areasUnderStores: LabelAreas;
}

/**
 * The states of the label areas, over memory that holds everything stored so far, which is possible at any time. Commands
 * between two stores of the same operation are left out.
 */
function labelImages(
  { outcome, history, state }: JudgedStep,
  { before, after, commands }: Noted,
  initialMedia: MediaImage,
): LabelImages {
  const { record } = state.life.subsystem.machine;
  const { acknowledgement, entries } = outcome;
  const storesIn = (from: number, to: number): boolean => storedSpans(record, from, to).length > 0;
  const isEarly = commands.every((command) => !storesIn(entries.from, command.entries));
  const isLate = commands.every((command) => !storesIn(command.entries, entries.to));
  const areasUnderStores = isEarly ? after.labelAreas : before.labelAreas;
  if (commands.length === 0 || !(isEarly || isLate))
    return { images: [], isComplete: commands.length === 0, areasUnderStores };
  const set =
    isEarly && acknowledgement > 0 ? history.acked(acknowledgement - 1) : history.inFlight(acknowledgement);
  const isUntouched = isEarly && acknowledgement === 0;
  const media = isUntouched ? initialMedia : materialise(initialMedia, set.maximalWords());
  const states = [...commands.map(({ areas }) => areas), after.labelAreas];
  const images = states.flatMap((areas, index) => {
    const next = states[index + 1];
    const halves = next === undefined ? [] : [halfWay(areas, next)];
    return [areas, ...halves].map((labelAreas) => ({ media, carriedOver: { ...before, labelAreas } }));
  });
  return { images, isComplete: true, areasUnderStores };
}

/** Label areas of which the first half of the bytes that `next` changes is changed. */
function halfWay(areas: LabelAreas, next: LabelAreas): LabelAreas {
  return new Map(
    Array.from(areas, ([key, bytes]) => {
      const changed = next.get(key) ?? bytes;
      const places = Array.from(bytes.keys()).filter((at) => bytes[at] !== changed[at]);
      const half = bytes.slice();
      for (const at of places.slice(0, Math.floor(places.length / 2))) half[at] = changed[at] ?? 0;
      return [key, half] as const;
    }),
  );
}
