/**
 * Who issues instructions: the call stack behind each entry of a record, as places in the source of the tree and of the kernel
 * that trees share. Only runs that are asked for a timeline note it (`BootConfiguration.onInstruction`).
 */
import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { ownProjectFolder } from '#base/own-project.ts';
import type { TimelineFrame } from '#base/timeline.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';
import type { Boot } from '../run/run.ts';
import type { TreeModule } from '../tree-module.ts';

/** A tree with the kernel around it as one script. */
export interface TreeScript extends TreeModule<{ readonly boot: Boot }> {
  /** Absolute folder of the tree. */
  readonly folder: string;
}

/** Frames of one stack that are looked at. */
const FRAMES_MAX = 64;

/** Places in source, each once. */
export class Frames {
  readonly list: TimelineFrame[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(frame: TimelineFrame): number {
    const key = `${frame.file}:${frame.line} ${frame.function}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.list.length);
    return this.list.push(frame) - 1;
  }
}

/** Notes stacks while a tree runs. */
export class StackRecorder {
  readonly #folder: string;
  readonly #project = realpathSync(ownProjectFolder());
  readonly #url: string;
  readonly #map: TraceMap;
  readonly #frames: Frames;
  readonly #stacks = new WeakMap<InstructionRecord, number[][]>();
  /** Frames by place in the code that runs; undefined for those that are left out. */
  readonly #known = new Map<string, number | undefined>();

  constructor({ folder, url, map }: TreeScript, frames: Frames) {
    this.#folder = realpathSync(folder);
    this.#url = url;
    this.#map = new TraceMap(map);
    this.#frames = frames;
  }

  /** For `BootConfiguration.onInstruction`. */
  readonly note = (record: InstructionRecord): void => {
    const stacks = this.#stacks.get(record) ?? [];
    this.#stacks.set(record, stacks);
    stacks[record.length - 1] = this.#stack();
  };

  /** The stack behind an entry, innermost first. */
  stackOf(record: InstructionRecord, entry: number): readonly number[] {
    return this.#stacks.get(record)?.[entry] ?? [];
  }

  #stack(): number[] {
    const { prepareStackTrace, stackTraceLimit } = Error;
    try {
      Error.stackTraceLimit = FRAMES_MAX;
      Error.prepareStackTrace = (_, sites) => sites.flatMap((site) => this.#frame(site) ?? []);
      const holder: { stack?: unknown } = {};
      Error.captureStackTrace(holder, this.note);
      return holder.stack as number[];
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  #frame(site: NodeJS.CallSite): number | undefined {
    if (site.getFileName() !== this.#url) return undefined;
    const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
    const key = `${line}:${column}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const number = this.#numberOf(line, column, site.getFunctionName() ?? '(anonymous)');
    this.#known.set(key, number);
    return number;
  }

  #numberOf(line: number, column: number, name: string): number | undefined {
    const original = originalPositionFor(this.#map, { line, column: column - 1 });
    const file = original.source === null ? undefined : this.#nameOf(resolve(this.#folder, original.source));
    if (file === undefined || original.line === null) return undefined;
    return this.#frames.numberOf({ file, line: original.line, function: name.replace(/^.*\./, '') });
  }

  /** The name of a file of the tree or of the kernel that trees share; nothing for what boots and drives them. */
  #nameOf(path: string): string | undefined {
    const isOfTree = path.startsWith(this.#folder + sep);
    const name = path.slice((isOfTree ? this.#folder : this.#project).length + 1);
    return name.startsWith('machine/') || name.startsWith('kernel/subsystem/') ? undefined : name;
  }
}
