/**
 * Another task inside an operation: `while OPERATION: OTHER` does the other one at every point of the operation at which the kernel
 * could be preempted, and goes on from each. A point is the beginning of an instruction (of a run of equal ones), or a change of
 * something that other tasks see: a tag, a page-table entry, a table. Where the other task would have to wait for a lock there is no
 * way: it would go on at a later point, which is tried as well.
 */
import { isWouldBlock } from '#kernel/fs/locks.ts';
import { meanwhileIndex, type Workload } from '../language/workload.ts';
import { type AnalysisChoices, type Boot, type Meanwhile, type Run, runWorkload } from '../run/run.ts';
import { WayGatherer, type Ways } from './ways.ts';

/** Points of one operation at which another task is let in, at most: each takes a run of the workload. */
export const POINTS_MAX = 200;

/** Every way that a workload can go whose other task gets in at some point of an operation, at most `POINTS_MAX` of them. */
export function meanwhileWays(boot: Boot, workload: Workload, choices: AnalysisChoices = {}): Ways {
  const index = meanwhileIndex(workload);
  const gathered = new WayGatherer(workload, index, 'point');
  const points = pointsOf(boot, workload, choices, index);
  const chosen = chosenOf(points);
  for (const point of chosen) {
    const run = runAt(boot, workload, choices, { index, point });
    if (run === 'blocked') gathered.countBlocked();
    else {
      gathered.countOne();
      gathered.addRun(run, index);
    }
  }
  return gathered.ways(chosen.length === points.length);
}

function runAt(
  boot: Boot,
  workload: Workload,
  choices: AnalysisChoices,
  meanwhile: Meanwhile,
): Run | 'blocked' {
  try {
    return runWorkload(boot, workload, choices, { step: 0, configuration: workload.boot, meanwhile });
  } catch (error) {
    if (isWouldBlock(error)) return 'blocked';
    throw error;
  }
}

/** The names of the points of the operation that is interrupted, in order. */
function pointsOf(boot: Boot, workload: Workload, choices: AnalysisChoices, index: number): string[] {
  const names: string[] = [];
  // The other task is let in at no point, so it does nothing; what the operation goes through is what it goes through alone.
  const listening: Boot = (configuration) => {
    const subsystem = boot(configuration);
    return {
      ...subsystem,
      perform: (operation, at) => {
        if (at === index + 1) subsystem.watch((name) => void names.push(name));
        const result = subsystem.perform(operation, at);
        subsystem.watch();
        return result;
      },
      watch: () => {},
    };
  };
  const upTo = { ...workload, steps: workload.steps.slice(0, index + 2) };
  const nowhere = { index, point: Infinity };
  runWorkload(listening, upTo, choices, { step: 0, configuration: workload.boot, meanwhile: nowhere });
  return names;
}

/** Points to try, ascending: all; or those that are no plain stores, then of the others the first, the last and some between. */
function chosenOf(points: readonly string[]): number[] {
  const all = [...points.keys()];
  if (all.length <= POINTS_MAX) return all;
  const isStore = (point: number): boolean => ['mov', 'movnti', 'rep movs'].includes(points[point] ?? '');
  const chosen = all.filter((point) => !isStore(point)).slice(0, POINTS_MAX / 2);
  const stores = all.filter(isStore);
  const room = POINTS_MAX - chosen.length;
  const some = Array.from(
    { length: Math.min(room, stores.length) },
    (_, place) => stores[Math.round((place * (stores.length - 1)) / Math.max(1, room - 1))] ?? 0,
  );
  return [...new Set([...chosen, ...some])].sort((left, right) => left - right);
}
