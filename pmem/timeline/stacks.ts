/**
 * Who issues instructions: the call stack behind each entry of a record, as places in the source of the tree and of the kernel
 * that trees share. Only runs that are asked for a timeline note it (`BootConfiguration.onInstruction`).
 */
import { realpathSync } from 'node:fs';
import { findSourceMap } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TimelineFrame } from '#base/timeline.ts';
import type { InstructionRecord } from '#machine/hardware/record.ts';

const ROOT = join(import.meta.dirname, '..', '..');

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
  readonly #folders: readonly string[];
  readonly #frames: Frames;
  readonly #stacks = new WeakMap<InstructionRecord, number[][]>();
  /** Frames by place in the code that runs; undefined for those that are left out. */
  readonly #known = new Map<string, number | undefined>();

  /** `folder`: absolute folder of the tree. */
  constructor(folder: string, frames: Frames) {
    this.#folders = [...new Set([folder, realpathSync(folder)])];
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
      Error.prepareStackTrace = (error, sites) =>
        sites.flatMap((site) => this.#frame(error, site, prepareStackTrace) ?? []);
      const holder: { stack?: unknown } = {};
      Error.captureStackTrace(holder, this.note);
      return holder.stack as number[];
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  #frame(error: Error, site: NodeJS.CallSite, format: typeof Error.prepareStackTrace): number | undefined {
    const key = `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const place = placeOf(error, site, format);
    const file = place === undefined ? undefined : this.#nameOf(place.path);
    const name = (site.getFunctionName() ?? '(anonymous)').replace(/^.*\./, '');
    const number =
      file === undefined || place === undefined
        ? undefined
        : this.#frames.numberOf({ file, line: place.line, function: name });
    this.#known.set(key, number);
    return number;
  }

  /** The name of a file of the tree or of the kernel that trees share; nothing for the machine and for what runs trees. */
  #nameOf(path: string): string | undefined {
    const folder = this.#folders.find((own) => path.startsWith(own + sep));
    const name = folder === undefined ? path.replace(ROOT + sep, '') : path.slice(folder.length + 1);
    const isOfTree = folder !== undefined && !name.startsWith('machine/');
    const isKernel = name.startsWith('kernel/') && !name.startsWith('kernel/subsystem/');
    return (isOfTree && !name.startsWith('kernel/subsystem/')) || isKernel ? name : undefined;
  }
}

/** The file and line of source behind a place in the code that runs. `format`: whoever maps stacks already, as test runners do. */
function placeOf(
  error: Error,
  site: NodeJS.CallSite,
  format: typeof Error.prepareStackTrace,
): { readonly path: string; readonly line: number } | undefined {
  const file = site.getFileName() ?? '';
  if (file.startsWith('node:') || file === '') return undefined;
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry !== undefined && 'originalLine' in entry)
    return { path: pathOf(entry.originalSource), line: entry.originalLine + 1 };
  const text = format === undefined ? '' : String(format(error, [site]));
  const [, path = file, mapped = String(line)] =
    /\(?((?:file:\/\/)?\/[^()\n]*?):(\d+):\d+\)?\s*$/.exec(text) ?? [];
  return { path: pathOf(path), line: Number(mapped) };
}

function pathOf(file: string): string {
  const plain = file.replace(/[?#].*$/, '');
  return plain.startsWith('file://') ? fileURLToPath(plain) : plain;
}
