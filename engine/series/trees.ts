/**
 * The trees of a series of patches that can be run: `before`, `after`, the steps between, and variants of a step. Trees that
 * are not in the repository are written once to the cache, under the hash of their files, and loaded from there like any other.
 */
import { join } from 'node:path';
import { madeAside } from '#base/files.ts';
import { InputError } from '#base/input-error.ts';
import { readTree, type TreeFiles, treeHash, writeTree } from '#base/tree-files.ts';
import { once, onceEach } from '#base/once.ts';
import { type Contract, type Language, readContract } from '../contract.ts';
import type { Tree } from '../subject.ts';
import { type Variant, variantsIn } from '../variant.ts';
import { seriesTrees } from './check.ts';
import { linkShared, ownCopies, type SharedFolders, withOwnCopies, withShared } from './own-copies.ts';
import {
  applySeriesPatch,
  changedFiles,
  contractNameOf,
  coverLetterIn,
  patchNames,
  readPatches,
  type SeriesPatch,
} from './patches.ts';
import { otherVersion } from './other-version.ts';
import { folderTree, type Place, type Series, stepNamed, stepNameOf, variantAt } from './series.ts';
import { filesAt, filesAtRevision, patchOfTrees } from './working-tree.ts';
import type { SeriesFolders } from './unfold.ts';

/** Where a series and what belongs to it lies; absolute folders. */
export interface SeriesSource extends SeriesFolders {
  readonly variants: string;
}

/** A series of patches on a tree in the repository. */
export interface PatchSeries extends Series {
  readonly source: SeriesSource;
  /** The files of the tree after `step` patches. */
  readonly stepFiles: (step: number) => TreeFiles;
}

/** Folders of a series of patches, relative to the root of its project. */
export function patches(folders: SeriesSource): (place: Place) => PatchSeries {
  return (place) =>
    openSeries(
      {
        before: join(place.root, folders.before),
        after: join(place.root, folders.after),
        patches: join(place.root, folders.patches),
        variants: join(place.root, folders.variants),
      },
      place,
    );
}

/** Opens the series in `source`, whose trees import folders of the project in `place`. */
export function openSeries(source: SeriesSource, place: Omit<Place, 'warn'>): PatchSeries {
  const shared: SharedFolders = { root: place.root, names: place.imports };
  const stepCount = patchNames(source.patches).length;
  const stepName = (step: number): string => stepNameOf(step, stepCount);
  const patchesOf = once(() => readPatches(source.patches));
  const between = once(() => seriesTrees(source).trees);
  const stepFiles = onceEach((step: number): TreeFiles => {
    if (step === 0) return readTree(source.before);
    if (step === stepCount) return readTree(source.after);
    const files = between().at(step);
    if (files === undefined) throw new InputError(`no step ${step}\n  allowed: 0 to ${stepCount}`);
    return files;
  });
  const variants = variantsIn(source.variants, {
    stepNamed: (text) => stepNamed(text, patchesOf()),
    areNumbered: true,
  });
  const names = (): string[] => [
    ...Array.from({ length: stepCount + 1 }, (_, step) => stepName(step)),
    ...variants.names(),
  ];
  const parts: Parts = { variants, stepCount, names, stepFiles, shared, after: source.after };
  const tree = onceEach((name: string): Tree => {
    if (/^\.{0,2}\//.test(name)) return folderTree(name);
    const files =
      name === 'before' || name === 'after'
        ? stepFiles(name === 'before' ? 0 : stepCount)
        : filesOf(name, parts);
    const hash = treeHash(files);
    const sources = (): TreeFiles => withShared(files, shared);
    if (name === 'before' || name === 'after')
      return { name, folder: source[name], hash, files: () => files, sources };
    return writtenTree(name, files, { hash, sources, shared, trees: join(place.cache(), 'trees') });
  });
  const contracts = (language: Language): Contract[] =>
    patchesOf().map(({ step, fileName }) =>
      readContract(join(source.patches, contractNameOf(fileName)), step, language),
    );
  return {
    source,
    variants,
    places: [source.before, source.after, source.patches, source.variants],
    version: (text) => otherVersion(text, { source, place }, openSeries),
    variantPatch: (step, range) => {
      const text = patchOfTrees(place.root, { after: source.after, shared: place.imports }, range);
      const patch: SeriesPatch = { step, fileName: 'its patch', subject: '', message: '', text };
      const [base = 'HEAD'] = range?.split('..') ?? [];
      const then = filesAt(base, source.after, shared);
      const tree = step === stepCount ? then.tree : stepFiles(step);
      applySeriesPatch(ownCopies(tree, changedFiles(patch), shared, then.shared), patch);
      return text;
    },
    stepCount,
    patches: patchesOf,
    coverLetter: () => coverLetterIn(source.patches),
    stepNamed: (text) => stepNamed(text, patchesOf()),
    stepName,
    names,
    stepFiles,
    tree,
    contracts,
  };
}

/** A tree in the cache. Many are only asked for what is known of them, so none is written before its folder is wanted. */
function writtenTree(
  name: string,
  files: TreeFiles,
  about: {
    readonly hash: string;
    readonly sources: () => TreeFiles;
    readonly shared: SharedFolders;
    /** Folder of all such trees. */
    readonly trees: string;
  },
): Tree {
  const { hash, sources, shared, trees } = about;
  const written = join(trees, `${name.replaceAll(/[^\w.@-]+/g, '-')}-${hash.slice(0, 16)}`);
  const folder = once(() =>
    madeAside(written, (aside) => {
      writeTree(aside, files);
      linkShared(aside, files, shared);
    }),
  );
  return {
    name,
    get folder() {
      return folder();
    },
    hash,
    files: () => files,
    sources,
  };
}

interface Parts extends Pick<PatchSeries, 'variants' | 'stepCount' | 'names' | 'stepFiles'> {
  readonly shared: SharedFolders;
  /** Absolute folder of the last tree. */
  readonly after: string;
}

/** The files of a step or of a variant of a step. */
function filesOf(name: string, parts: Parts): TreeFiles {
  const { variants, stepCount, names, stepFiles, after, shared } = parts;
  const step = /^step-(\d+)$/.exec(name)?.[1];
  if (step !== undefined && Number(step) <= stepCount) return stepFiles(Number(step));
  const variant = variantAt(name, variants.names(), stepCount);
  if (variant === undefined) {
    const files = filesAtRevision(name, after, shared);
    if (files !== undefined) return files;
    throw new InputError(
      `unknown tree '${name}'\n  allowed: ${names().join(', ')}, VARIANT@STEP, step-N@VARIANT, a revision of git, or a folder as ./FOLDER`,
    );
  }
  return variantFiles(variants.read(variant.name), variant.step, parts);
}

/** The files of a variant at a step: before it enters, those of the series. */
function variantFiles(
  { name, entersAt, patches }: Variant,
  step: number,
  { stepFiles, shared }: Parts,
): TreeFiles {
  if (step < entersAt) return stepFiles(step);
  const all = patches.map(({ fileName, text }): SeriesPatch => ({
    step,
    fileName: `variants/${name}/${fileName}`,
    subject: '',
    message: '',
    text,
  }));
  return all.reduce(applySeriesPatch, withOwnCopies(stepFiles(step), all.flatMap(changedFiles), shared));
}
