/**
 * A range of commits as a series: every commit a step, every tree known by git's own hash of it, so that rewording, squashing or
 * reordering costs nothing where a tree stays the same. Trees are written to the cache when they are first needed; the user's
 * checkout, its index and its references are left alone.
 */
import { join } from 'node:path';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { once, onceEach } from '#base/once.ts';
import type { Tree } from '../subject.ts';
import { answerOf, type Commit, type CommitRange, diffOfCommit, readCommits } from './commits.ts';
import { contractPlaceOf, contractsOfCommits } from './commit-contracts.ts';
import { type CoverLetter, coverLetterOf } from './mail.ts';
import type { SeriesPatch } from './patches.ts';
import { isFolder } from './other-version.ts';
import { patchesOnRange } from './patches-on-range.ts';
import type { Preparation } from './prepare.ts';
import { folderTree, type Place, type Series, stepNamed, stepNameOf, variantAt } from './series.ts';
import { gitTree, objectsBeside, patchedTree } from './git-trees.ts';
import { patchOfCheckout } from './working-tree.ts';
import { variantsIn } from '../variant.ts';

export interface GitRangeOptions extends Preparation {
  /** Folder of the repository, relative to the root of the project; the root itself when absent. */
  readonly repository?: string | undefined;
  /** Folder of contracts, relative to the root; `contracts` when absent. */
  readonly contracts?: string | undefined;
  /** Folder of variants, relative to the root; `variants` when absent. */
  readonly variants?: string | undefined;
}

/** A series of commits. */
export interface GitSeries extends Series {
  readonly range: CommitRange;
  /** Absolute folder of its contracts, which may not be there. */
  readonly contractFolder: string;
}

/** The commits of `range`, written `BASE..TIP` or `BASE..`, each a step. */
export function gitRange(range: string, options: GitRangeOptions = {}): (place: Place) => GitSeries {
  return (place) => openRange(range, options, place);
}

function openRange(written: string, options: GitRangeOptions, place: Omit<Place, 'imports'>): GitSeries {
  const { root, cache, warn } = place;
  const range = readCommits(join(root, options.repository ?? '.'), written);
  if (/\.\.(HEAD)?$/.test(written)) warnOfChanges(range.repository, warn);
  const { commits, repository, gitFolder } = range;
  const stepCount = commits.length;
  const stepName = (step: number): string => stepNameOf(step, stepCount);
  const variants = variantsIn(join(root, options.variants ?? 'variants'), {
    stepNamed: (text) => stepNamed(text, patchesOf()),
    areNumbered: false,
  });
  const names = (): string[] => [
    ...[range.base, ...commits].map((_, step) => stepName(step)),
    ...variants.names(),
  ];
  const hashes = new Map([range.base, ...commits].map(({ tree }, step) => [stepName(step), tree]));
  const tree = onceEach((name: string): Tree => {
    const making = { gitFolder, cache, options };
    const hash = hashes.get(name);
    if (hash !== undefined) return gitTree(name, hash, making);
    if (/^\.{0,2}\//.test(name)) return folderTree(name);
    const at = variantAt(name, variants.names(), stepCount);
    if (at === undefined) return gitTree(name, treeNamed(repository, name, names()), making);
    const variant = variants.read(at.name);
    const plain = hashes.get(stepName(at.step)) ?? '';
    if (at.step < variant.entersAt) return gitTree(name, plain, making);
    const environment = objectsBeside(repository, cache());
    return gitTree(name, patchedTree(variant, plain, { gitFolder, environment }), { ...making, environment });
  });
  const patchesOf = once(() =>
    commits.map((commit, index) => stepOf(repository, commit, index + 1, stepCount)),
  );
  const contractFolder = join(root, options.contracts ?? 'contracts');
  return {
    range,
    contractFolder,
    stepCount,
    patches: patchesOf,
    coverLetter: () => letterOfBranch(repository, written),
    stepNamed: (text) => stepNamed(text, patchesOf()),
    stepName,
    names,
    variants,
    places: [join(gitFolder, 'logs', 'HEAD'), contractFolder, variants.folder],
    version: (text) => versionOf(text, { written, options, place }),
    variantPatch: (step, given) => {
      const text = patchOfCheckout(repository, given);
      const patches = [{ fileName: 'its patch', text }];
      const environment = objectsBeside(repository, cache());
      patchedTree({ name: 'new', patches }, hashes.get(stepName(step)) ?? '', { gitFolder, environment });
      return text;
    },
    tree,
    contractPlace: (step) => {
      const commit = commits[step - 1];
      if (commit === undefined) throw new RangeError(`no step ${step}`);
      return contractPlaceOf(range, commit, contractFolder);
    },
    contracts: (language) => contractsOfCommits(range, contractFolder, language, warn),
  };
}

interface ThisRange {
  /** As the user wrote it. */
  readonly written: string;
  readonly options: GitRangeOptions;
  readonly place: Omit<Place, 'imports'>;
}

/** Another version of a range: a folder of patches on its base, another range, or a revision with the same base. */
function versionOf(text: string, { written, options, place }: ThisRange): GitSeries {
  const [base = ''] = written.split('..');
  if (!isFolder(text)) return openRange(text.includes('..') ? text : `${base}..${text}`, options, place);
  return patchesOnRange(text, { now: openRange(written, options, place), options, place });
}

/** A commit as a step; its diff is asked for when somebody reads it. */
function stepOf(
  repository: string,
  { hash, subject, message, author, date }: Commit,
  step: number,
  stepCount: number,
): SeriesPatch {
  const text = once(() => diffOfCommit(repository, hash));
  return {
    step,
    subject,
    message,
    commit: hash,
    mail: { subject: `[PATCH ${step}/${stepCount}] ${subject}`, author, date, messageId: '' },
    fileName: hash.slice(0, 12),
    get text() {
      return text();
    },
  };
}

/** What git keeps as the description of the branch at the end of `range`: what `git format-patch --cover-letter` takes. */
function letterOfBranch(repository: string, range: string): CoverLetter | undefined {
  const [, tip = ''] = range.split('..');
  const name = askGit(repository, [
    'rev-parse',
    '--abbrev-ref',
    '--end-of-options',
    tip === '' ? 'HEAD' : tip,
  ]);
  if (!('out' in name)) return undefined;
  const branch = name.out.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? '';
  const description = askGit(repository, ['config', '--get', `branch.${branch}.description`]);
  return 'out' in description && description.out.trim() !== '' ? coverLetterOf(description.out) : undefined;
}

/** The hash of the tree of a revision. Throws `InputError` for text that names none. */
function treeNamed(repository: string, name: string, names: readonly string[]): string {
  return answerOf(
    askGit(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`]),
    () => {
      const allowed = `${names.join(', ')}, VARIANT@STEP, a revision of git, or a folder as ./FOLDER`;
      return new InputError(`unknown tree '${name}'\n  allowed: ${allowed}`);
    },
  ).trim();
}

function warnOfChanges(repository: string, warn: (message: string) => void): void {
  const status = askGit(repository, ['status', '--porcelain', '--untracked-files=no', '--ignore-submodules']);
  if (!('out' in status) || status.out === '') return;
  const count = status.out.trimEnd().split('\n').length;
  const [files, them] = count === 1 ? ['file is', 'it'] : ['files are', 'them'];
  warn(
    `${count} changed ${files} not committed and so in no step; conform variant new makes a variant of ${them}`,
  );
}
