/**
 * Which lines of a tree run in a workload, by the counters of V8 itself (inspector, "precise coverage", block by block). The tree
 * is loaded anew from a copy, because only code that was compiled while counting is counted by blocks.
 */
import { cpSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import type { Debugger, Profiler } from 'node:inspector';
import { findSourceMap, type SourceMap } from 'node:module';
import { pathToFileURL } from 'node:url';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import { asideOf } from '#base/files.ts';
import type { LinesRun } from '#engine/subject.ts';

/** What was counted since the last time. */
export interface Counted {
  readonly ran: LinesRun;
  /** Every line of code in a function that was counted, whether or not it ran: of all functions the first time. */
  readonly counted: LinesRun;
}

/**
 * Calls `run` with the folder of a copy of the tree in `folder` and a function that counts: it calls what it is given and says
 * which lines ran since it was called last. Lines are those of the TypeScript source, counted from 1.
 */
export async function withLineCounts<Result>(
  folder: string,
  run: (copy: string, count: (work: () => void) => Promise<Counted>) => Promise<Result>,
): Promise<Result> {
  const copy = asideOf(folder);
  const session = new Session();
  cpSync(folder, copy, { recursive: true });
  session.connect();
  try {
    const scripts = new Scripts(session, `${pathToFileURL(copy).href}/`);
    await session.post('Debugger.enable');
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const take = async (): Promise<Profiler.ScriptCoverage[]> =>
      (await session.post('Profiler.takePreciseCoverage')).result;
    return await run(copy, async (work) => {
      work();
      return scripts.linesOf(await take());
    });
  } finally {
    session.disconnect();
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The scripts of one folder, with what is needed to turn offsets of compiled code into lines of source. */
class Scripts {
  readonly #session: Session;
  readonly #base: string;
  readonly #places = new Map<string, Promise<Places>>();

  constructor(session: Session, base: string) {
    this.#session = session;
    this.#base = base;
  }

  async linesOf(coverage: readonly Profiler.ScriptCoverage[]): Promise<Counted> {
    const ran = new Map<string, readonly number[]>();
    const counted = new Map<string, readonly number[]>();
    for (const { url, scriptId, functions } of coverage) {
      if (!url.startsWith(this.#base)) continue;
      const places = await this.#placesOf(scriptId, url);
      const file = url.slice(this.#base.length);
      const lines = places.linesOf(functions);
      ran.set(file, lines.ran);
      counted.set(file, lines.counted);
    }
    return { ran, counted };
  }

  #placesOf(scriptId: string, url: string): Promise<Places> {
    const known = this.#places.get(scriptId);
    if (known !== undefined) return known;
    const places = this.#session
      .post('Debugger.getScriptSource', { scriptId })
      .then(
        ({ scriptSource }: Debugger.GetScriptSourceReturnType) =>
          new Places(scriptSource, findSourceMap(url)),
      );
    this.#places.set(scriptId, places);
    return places;
  }
}

/** Lines of source by offset in compiled code. */
class Places {
  /** Offsets of tokens of the compiled code, ascending, each with the line of source that it comes from. */
  readonly #tokens: readonly { readonly offset: number; readonly line: number }[];

  constructor(compiled: string, map: SourceMap | undefined) {
    const starts = [0];
    for (const text of compiled.split('\n')) starts.push((starts.at(-1) ?? 0) + text.length + 1);
    const tokens: { offset: number; line: number }[] = [];
    if (map !== undefined)
      eachMapping(
        new TraceMap(JSON.stringify(map.payload)),
        ({ generatedLine, generatedColumn, originalLine }) => {
          const start = starts[generatedLine - 1];
          if (start !== undefined && originalLine !== null)
            tokens.push({ offset: start + generatedColumn, line: originalLine });
        },
      );
    this.#tokens = tokens;
  }

  /** Lines with a token whose innermost counted block ran. Outside of functions everything ran when the tree was loaded. */
  linesOf(functions: readonly Profiler.FunctionCoverage[]): { ran: number[]; counted: number[] } {
    const ran = new Set<number>();
    const counted = new Set<number>();
    const ranges = functions
      .filter(({ functionName }) => functionName !== '')
      .flatMap((one) => one.ranges)
      .sort((left, right) => left.startOffset - right.startOffset || right.endOffset - left.endOffset);
    const open: Profiler.CoverageRange[] = [];
    let next = 0;
    for (const { offset, line } of this.#tokens) {
      for (
        let range = ranges[next];
        range !== undefined && range.startOffset <= offset;
        range = ranges[++next]
      )
        open.push(range);
      while ((open.at(-1)?.endOffset ?? Infinity) <= offset) open.pop();
      const innermost = open.at(-1);
      if (innermost !== undefined) counted.add(line);
      if ((innermost?.count ?? 0) > 0) ran.add(line);
    }
    return { ran: ascending(ran), counted: ascending(counted) };
  }
}

const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((left, right) => left - right);
