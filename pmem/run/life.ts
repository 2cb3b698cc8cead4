/** One life of the machine, from power-on to power failure or the end, and what the power failure at its end leaves. */
import {
  type CrashHistory,
  crashHistory,
  materialise,
  type PersistencySetting,
} from '#machine/images/crash-images.ts';
import type { MediaImage } from '#machine/hardware/memory.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import type { Surroundings } from '#kernel/subsystem/surroundings.ts';

export class Life {
  readonly subsystem: Subsystem;
  /** Operations of this life by acknowledgement: their places in the workload. */
  readonly operationIndexes: number[] = [];
  /** Where things were when the kernel had booted. */
  readonly booted: Surroundings;
  readonly #setting: PersistencySetting;
  #history: CrashHistory | undefined;

  constructor(subsystem: Subsystem, setting: PersistencySetting) {
    this.subsystem = subsystem;
    this.booted = subsystem.surroundings();
    this.#setting = setting;
  }

  /** What a power failure may leave of it. The record is read when somebody first asks, and may not change any more. */
  get history(): CrashHistory {
    this.#history ??= crashHistory(this.subsystem.machine, this.#setting);
    return this.#history;
  }

  /** What persistent memory held when it began. */
  get media(): MediaImage {
    return this.subsystem.machine.memory.initialMedia;
  }

  /** The media image that a power failure after the last acknowledgement leaves. */
  mediaAfter(image: 'worst' | 'best'): MediaImage {
    const acknowledged = this.operationIndexes.length;
    if (acknowledged === 0) return this.media;
    const set = this.history.acked(acknowledged - 1);
    return materialise(this.media, image === 'worst' ? set.minimalWords() : set.maximalWords());
  }
}
