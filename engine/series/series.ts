/**
 * What the engine must know of a series, however it is kept: its steps in order, their trees by name, their contracts. Patches
 * beside a tree (`trees.ts`) and a range of commits (`git-range.ts`) are series.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '#base/input-error.ts';
import { readTree, treeHash } from '#base/tree-files.ts';
import type { Contract, Language } from '../contract.ts';
import type { Tree } from '../subject.ts';
import type { Variants } from '../variant.ts';
import type { CoverLetter } from './mail.ts';
import type { SeriesPatch } from './patches.ts';

/** A series whose trees can be asked for by name. */
export interface Series {
  /** Number of steps. */
  readonly stepCount: number;
  /** The steps in order. */
  readonly patches: () => readonly SeriesPatch[];
  /** The letter that came with the series; nothing where there is none. */
  readonly coverLetter?: () => CoverLetter | undefined;
  /** The number of a step that the user names. Throws `InputError` when there is no such step, or more than one. */
  readonly stepNamed: (text: string) => number;
  /** The name of the tree after `step` steps: `before`, `step-3`, `after`. */
  readonly stepName: (step: number) => string;
  /** Names of all trees; a variant may be of a step, e.g. `as-posted@3`. */
  readonly names: () => string[];
  /** A tree by its name, or by a path with a `/` of a folder. Throws `InputError` for one that is not there. */
  readonly tree: (name: string) => Tree;
  /** One contract a step, in order. Throws `InputError` when one is missing or wrong. */
  readonly contracts: (language: Language) => readonly Contract[];
  /** Where a draft of the contract of a step goes, for a series whose contracts may be drafted. */
  readonly contractPlace?: (step: number) => ContractPlace;
  readonly variants: Variants;
  /** Files and folders that it is read from, absolute; they need not be there. */
  readonly places: readonly string[];
  /**
   * Another version of the series, such as the one posted before: a folder of patches, a revision of git, or a range of commits.
   * Throws `InputError` where it is not there.
   */
  readonly version: (text: string) => Series;
  /**
   * What is changed of trees in the project's own repository, not committed or in `range`, as the patch of a variant of a step.
   * Throws `InputError` for a range that git does not know, where nothing is changed, and where it does not apply to the step.
   */
  readonly variantPatch: (step: number, range?: string) => string;
}

/** Where a contract goes. */
export interface ContractPlace {
  /** Absolute. */
  readonly path: string;
  /** Entries that say whose it is. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Where a series is opened. */
export interface Place {
  /** Absolute folder of the project. */
  readonly root: string;
  /** Folders of the project that its trees import by `#NAME/…`, the lowest first. */
  readonly imports: readonly string[];
  /** Absolute folder for trees that have to be made. */
  readonly cache: () => string;
  /** Hears of what costs no verdict but should be known. */
  readonly warn: (message: string) => void;
}

/** The name of the tree after `step` of `stepCount` steps. */
export function stepNameOf(step: number, stepCount: number): string {
  return step === 0 ? 'before' : step === stepCount ? 'after' : `step-${step}`;
}

/** The number of the step that `text` names: a number, the hash of a commit, a subject or a part that one subject alone has. */
export function stepNamed(text: string, steps: readonly SeriesPatch[]): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= steps.length) return Number(text);
  const exact = steps.filter(({ subject }) => subject === text);
  const found = exact.length > 0 ? exact : steps.filter((step) => isMeant(text, step));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.step;
  const problem = found.length === 0 ? 'is not a step' : `may be step ${stepsText(found)}`;
  throw new InputError(`'${text}' ${problem}\n  allowed: 1 to ${steps.length}, or words of one subject`);
}

/** Letters of a hash that tell commits apart well enough to be taken for one. */
const HASH_MIN = 4;

function isMeant(text: string, { subject, commit }: SeriesPatch): boolean {
  const isHash = text.length >= HASH_MIN && commit?.startsWith(text.toLowerCase()) === true;
  return (
    text !== '' && (isHash || (!/^\d+$/.test(text) && subject.toLowerCase().includes(text.toLowerCase())))
  );
}

const stepsText = (steps: readonly SeriesPatch[]): string => steps.map(({ step }) => step).join(' or ');

/** A variant at a step, as `NAME`, which is the last step, `NAME@3` or `step-3@NAME` say it; nothing for other text. */
export function variantAt(
  text: string,
  names: readonly string[],
  stepCount: number,
): { readonly name: string; readonly step: number } | undefined {
  const [left = '', right = '', ...more] = text.split('@');
  const isLeft = names.includes(left);
  const [name, at] = isLeft ? [left, right] : [right, left];
  if (more.length > 0 || !names.includes(name)) return undefined;
  if (at === '') return isLeft ? { name, step: stepCount } : undefined;
  const known = { before: 0, after: stepCount } as const;
  const step = at in known ? known[at as keyof typeof known] : Number(/^(?:step-)?(\d+)$/.exec(at)?.[1]);
  return step <= stepCount ? { name, step } : undefined;
}

/** The tree in a folder. Throws `InputError` when there is no such folder. */
export function folderTree(name: string): Tree {
  const folder = resolve(name);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`no tree in '${name}': there is no such folder`);
  return { name, folder, hash: treeHash(readTree(folder)) };
}
