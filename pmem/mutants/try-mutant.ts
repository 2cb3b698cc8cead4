/**
 * Tries one mutant against the original: the rows of the quick sweep, then every scenario, until a promise breaks that the
 * original keeps; else the gravest thing that differs anywhere.
 */
import { TooManyImagesError } from '#base/too-many-images.ts';
import { allowsMore } from '#base/relation.ts';
import { parseWorkload } from '../language/notation.ts';
import { judgePromise, type PromiseFinding, waysOf } from '../promise/promise.ts';
import { type Boot, runWorkload } from '../run/run.ts';
import { compareTries } from '../subject.ts';
import { type Answer, type RowRun, runRow } from '../sweep/row-run.ts';
import { caseText, type SweepRow, workloadOf } from '../sweep/row.ts';
import { type Tried, triedOf } from '../tried.ts';
import { graver, type Kill, type MutantVerdict } from './verdict.ts';

/** What is known of a row on the original tree. */
interface KnownRow extends Pick<RowRun, 'cases' | 'setup' | 'digest'> {
  readonly row: SweepRow;
  readonly answers: readonly Answer[];
  /** Keys of promises that break. */
  readonly broken: ReadonlySet<string>;
}

interface KnownWorkload {
  readonly text: string;
  readonly tried: Tried;
  readonly broken: ReadonlySet<string>;
}

/** What mutants of one tree are compared with. */
export interface Original {
  readonly boot: Boot;
  readonly rows: readonly KnownRow[];
  readonly workloads: readonly KnownWorkload[];
}

const keysOf = (findings: readonly PromiseFinding[]): Set<string> => new Set(findings.map(({ key }) => key));

/** Runs everything on the original once. */
export function originalOf(boot: Boot, rows: readonly SweepRow[], texts: readonly string[]): Original {
  return {
    boot,
    rows: rows.map((row) => {
      const { cases, setup, digest, answers } = runRow(boot, row);
      const workload = workloadOf(row);
      const { findings } = judgePromise(workload, runWorkload(boot, workload));
      return { row, cases, setup, digest, answers, broken: keysOf(findings) };
    }),
    workloads: texts.flatMap((text) => knownWorkload(boot, text) ?? []),
  };
}

/** `undefined` for a workload that leaves too many images to compare: some by chance do. */
function knownWorkload(boot: Boot, text: string): KnownWorkload | undefined {
  try {
    const tried = tryText(boot, text);
    return { text, tried, broken: keysOf(tried.judgement.findings) };
  } catch (error) {
    if (error instanceof TooManyImagesError) return undefined;
    throw error;
  }
}

function tryText(boot: Boot, text: string): Tried {
  const workload = parseWorkload(text);
  return triedOf(workload, runWorkload(boot, workload), waysOf(boot, workload));
}

/** Cases of one row that are compared one by one when no promise breaks. */
const COMPARED_MAX = 6;

/** The verdict on a mutant. `onWork` hears that it still works, before each row and workload. */
export function tryMutant(id: string, boot: Boot, original: Original, onWork: () => void): MutantVerdict {
  let worst: MutantVerdict = { id, killedBy: null, by: '', isWeaker: false };
  const attempts = [
    ...original.rows.map((known) => () => tryRow(id, boot, original.boot, known)),
    ...original.workloads.map((known) => () => tryWorkload(id, boot, known)),
  ];
  for (const attempt of attempts) {
    onWork();
    worst = graver(worst, attempt());
    if (worst.killedBy === 'promise') break;
  }
  return worst;
}

/** Runs `attempt`; a kernel that ends in an error that no kernel has is one that does not run. */
function orNotRunning(id: string, by: string, attempt: () => MutantVerdict): MutantVerdict {
  try {
    return attempt();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, killedBy: 'result', by: `${by}: does not run: ${message}`, isWeaker: false };
  }
}

function tryRow(id: string, boot: Boot, originalBoot: Boot, known: KnownRow): MutantVerdict {
  const { row } = known;
  return orNotRunning(id, row.id, () => {
    const run = runRow(boot, row);
    const same: MutantVerdict = { id, killedBy: null, by: '', isWeaker: false };
    if (run.digest === known.digest) return same;
    const workload = workloadOf(row);
    const { findings } = judgePromise(workload, runWorkload(boot, workload));
    const found = findings.find(({ key }) => !known.broken.has(key));
    if (found !== undefined)
      return { id, killedBy: 'promise', by: `${row.id}: ${found.text}`, isWeaker: false };
    const isOtherwise = run.answers.some(
      (answer, at) => answer.returned.join() !== known.answers[at]?.returned.join(),
    );
    if (isOtherwise) return { id, killedBy: 'result', by: row.id, isWeaker: false };
    const differing = run.cases.flatMap((name, at) => (name === known.cases[at] ? [] : [at]));
    const spread = differing.filter((_, at) => at % Math.ceil(differing.length / COMPARED_MAX) === 0);
    const places = run.setup === known.setup ? spread : [undefined, ...spread];
    return places
      .map((at) => compareText(id, caseText(row, at), boot, tryText(originalBoot, caseText(row, at))))
      .reduce(graver, { ...same, killedBy: 'cost', by: row.id });
  });
}

function tryWorkload(id: string, boot: Boot, { text, tried, broken }: KnownWorkload): MutantVerdict {
  return orNotRunning(id, text, () => compareText(id, text, boot, tried, broken));
}

function compareText(
  id: string,
  text: string,
  boot: Boot,
  original: Tried,
  broken: ReadonlySet<string> = keysOf(original.judgement.findings),
): MutantVerdict {
  const tried = tryText(boot, text);
  const by = text.split('\n').join(' / ');
  if (tried.digest === original.digest) return { id, killedBy: null, by: '', isWeaker: false };
  const found = tried.judgement.findings.find(({ key }) => !broken.has(key));
  if (found !== undefined) return { id, killedBy: 'promise', by: `${by}: ${found.text}`, isWeaker: false };
  const { differences } = compareTries(original, tried, true);
  const verdicts = differences.map(({ dimension, relation }): MutantVerdict => {
    const isWeaker = dimension === 'acked' && allowsMore(relation);
    return { id, killedBy: KILL_OF[dimension] ?? 'cost', by: `${by}: ${dimension} ${relation}`, isWeaker };
  });
  return verdicts.reduce(graver, { id, killedBy: null, by: '', isWeaker: false });
}

const KILL_OF: Readonly<Record<string, Kill>> = {
  result: 'result',
  sysfs: 'result',
  acked: 'images',
  'in-flight': 'images',
  log: 'cost',
  cost: 'cost',
};
