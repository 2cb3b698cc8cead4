/** A process that tries mutants, one after another, as its parent sends them: a mutant may never end, or take all memory. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadTree } from '../load-tree.ts';
import { quickPlan } from '../sweep/plan.ts';
import type { Mutant } from './mutants.ts';
import { treeOf, writeMutant } from './mutant-tree.ts';
import { type Original, originalOf, tryMutant } from './try-mutant.ts';
import type { MutantVerdict } from './verdict.ts';
import { workloadSources } from './workloads.ts';

/** What the parent sends. */
export interface Task {
  readonly root: string;
  /** A folder for mutants, removed again. */
  readonly folder: string;
  readonly mutant: Mutant;
}

/** What it hears: a verdict, or that the worker is alive. */
export type Answer = { readonly verdict: MutantVerdict } | { readonly isAlive: true };

const originals = new Map<string, Promise<Original>>();

async function original(root: string, tree: string): Promise<Original> {
  const boot = await loadTree(join(root, tree));
  return originalOf(
    boot,
    quickPlan().map(({ make }) => make()),
    workloadSources.flatMap(({ texts }) => texts()),
  );
}

const send = (answer: Answer): void => void process.send?.(answer);

let lastSent = 0;
function beat(): void {
  if (Date.now() - lastSent < 500) return;
  lastSent = Date.now();
  send({ isAlive: true });
}

async function work({ root, folder, mutant }: Task): Promise<void> {
  const tree = treeOf(mutant);
  const known = originals.get(tree) ?? original(root, tree);
  originals.set(tree, known);
  const own = await known;
  beat();
  const where = join(folder, mutant.id.replaceAll(/[^\w.-]+/g, '_'));
  rmSync(where, { recursive: true, force: true });
  try {
    const boot = await loadTree(writeMutant(root, where, mutant));
    send({ verdict: tryMutant(mutant.id, boot, own, beat) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({
      verdict: { id: mutant.id, killedBy: 'result', by: `is not loaded: ${message}`, isWeaker: false },
    });
  } finally {
    rmSync(where, { recursive: true, force: true });
  }
}

process.on('message', (task: Task) => void work(task));
