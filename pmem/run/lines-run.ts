/**
 * Which lines of a tree run in a workload, by the counters of V8 itself (inspector, "precise coverage", block by block). The tree
 * is loaded while they count, because only code that was compiled while counting is counted by blocks.
 */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import type { LinesRun } from '#engine/subject.ts';
import type { TreeModule } from '../tree-module.ts';

/** What was counted since the last time. */
export interface Counted {
  readonly ran: LinesRun;
  /** Every line of code in a function that was counted, whether or not it ran: of all functions the first time. */
  readonly counted: LinesRun;
}

/**
 * Calls `run` with what `load` loads and a function that counts: it calls what it is given and says which lines ran since it was
 * called last. Lines are those of the TypeScript source, counted from 1.
 */
export async function withLineCounts<Exports, Result>(
  load: () => Promise<TreeModule<Exports>>,
  run: (exports: Exports, count: (work: () => void) => Promise<Counted>) => Promise<Result>,
): Promise<Result> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Debugger.enable');
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const { exports, url, map } = await load();
    const take = async (): Promise<Profiler.ScriptCoverage | undefined> => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      return result.findLast((script) => script.url === url);
    };
    const places: Places[] = [];
    return await run(exports, async (work) => {
      work();
      const coverage = await take();
      if (coverage === undefined) return { ran: new Map(), counted: new Map() };
      const { scriptId, functions } = coverage;
      const [known] = places;
      if (known !== undefined) return known.linesOf(functions);
      const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId });
      const made = new Places(scriptSource, map);
      places.push(made);
      return made.linesOf(functions);
    });
  } finally {
    session.disconnect();
  }
}

interface Token {
  readonly offset: number;
  readonly file: string;
  readonly line: number;
}

/** Lines of source by offset in compiled code. */
class Places {
  /** Offsets of tokens of the compiled code, ascending, each with the line of source that it comes from. */
  readonly #tokens: readonly Token[];

  constructor(compiled: string, map: string) {
    const starts = [0];
    for (const text of compiled.split('\n')) starts.push((starts.at(-1) ?? 0) + text.length + 1);
    const tokens: Token[] = [];
    // The first line has the head of a function in front of what is mapped.
    const head = compiled.indexOf('{') + 1;
    eachMapping(new TraceMap(map), ({ generatedLine, generatedColumn, originalLine, source }) => {
      const start = starts[generatedLine - 1];
      if (start === undefined || originalLine === null || source === null || source.startsWith('..')) return;
      const offset = start + generatedColumn + (generatedLine === 1 ? head : 0);
      tokens.push({ offset, file: source, line: originalLine });
    });
    this.#tokens = tokens;
  }

  /** Lines with a token whose innermost counted block ran. Outside of functions everything ran when the tree was loaded. */
  linesOf(functions: readonly Profiler.FunctionCoverage[]): Counted {
    const ran = new Map<string, Set<number>>();
    const counted = new Map<string, Set<number>>();
    const ranges = functions
      .filter(({ functionName }) => functionName !== '')
      .flatMap((one) => one.ranges)
      .sort((left, right) => left.startOffset - right.startOffset || right.endOffset - left.endOffset);
    const open: Profiler.CoverageRange[] = [];
    let next = 0;
    for (const { offset, file, line } of this.#tokens) {
      for (
        let range = ranges[next];
        range !== undefined && range.startOffset <= offset;
        range = ranges[++next]
      )
        open.push(range);
      while ((open.at(-1)?.endOffset ?? Infinity) <= offset) open.pop();
      const innermost = open.at(-1);
      if (innermost !== undefined) add(counted, file, line);
      if ((innermost?.count ?? 0) > 0) add(ran, file, line);
    }
    return { ran: ascending(ran), counted: ascending(counted) };
  }
}

function add(lines: Map<string, Set<number>>, file: string, line: number): void {
  lines.set(file, (lines.get(file) ?? new Set()).add(line));
}

const ascending = (lines: ReadonlyMap<string, Iterable<number>>): LinesRun =>
  new Map([...lines].map(([file, own]) => [file, [...own].sort((left, right) => left - right)]));
