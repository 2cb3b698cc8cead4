/**
 * Contracts beside a range of commits: a file each, which says whose it is by subject, or which a commit names in a `Contract:`
 * trailer. After a rebase that reworded the commit it is found again by the patch-id of its diff. A commit without one is pure.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readYaml } from '#base/yaml-file.ts';
import { onceEach } from '#base/once.ts';
import {
  type Contract,
  contractEntries,
  declarationsOf,
  DRAFT_MARK,
  type Language,
  PURE_CONTRACT,
} from '../contract.ts';
import type { ContractPlace } from './series.ts';
import { type Commit, type CommitRange, patchIdOf } from './commits.ts';

/** How files of contracts end. */
export const SUFFIX = '.contract.yaml';

const fileSchema = v.strictObject({
  ...contractEntries,
  class: v.optional(contractEntries.class, 'behaviour'),
  summary: v.optional(contractEntries.summary, ''),
  /** Subject of the commit; not needed where a trailer names the file. */
  commit: v.optional(v.string()),
  /** What `git patch-id --stable` says of its diff. */
  patch: v.optional(v.string()),
});

interface ContractFile {
  /** Without folder and suffix, as a trailer names it. */
  readonly name: string;
  readonly path: string;
  readonly commit: string | undefined;
  readonly patch: string | undefined;
  readonly contract: Omit<Contract, 'step'>;
}

/**
 * One contract a commit, in order. Throws `InputError` for a file that is no contract, one that fits several commits, a commit
 * that several fit, and a trailer that names none; warns of files that fit no commit.
 */
export function contractsOfCommits(
  { repository, commits }: CommitRange,
  folder: string,
  language: Language,
  warn: (message: string) => void,
): Contract[] {
  const files = contractFiles(folder, language);
  const owners = ownersOf(files, commits, folder);
  const patchId = onceEach((hash: string) => patchIdOf(repository, hash));
  for (const file of files) {
    if (owners.has(file) || file.patch === undefined) continue;
    const found = commits.filter(({ hash }) => patchId(hash) === file.patch);
    if (found[0] !== undefined) owners.set(file, only(found, file));
  }
  for (const file of files)
    if (!owners.has(file)) warn(`${file.path}: belongs to no commit of the range, so nothing is held to it`);
  return commits.map((commit, index) => {
    const own = files.filter((file) => owners.get(file) === commit);
    if (own.length > 1)
      throw new InputError(
        `${own.map(({ path }) => path).join(' and ')} are both of '${commit.subject}'\n  allowed: one contract a commit`,
      );
    return { step: index + 1, ...(own[0]?.contract ?? PURE_CONTRACT) };
  });
}

function contractFiles(folder: string, language: Language): ContractFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  return names
    .sort()
    .map((name) => contractFile(join(folder, name), name.slice(0, -SUFFIX.length), language));
}

function contractFile(path: string, name: string, language: Language): ContractFile {
  const text = readFileSync(path, 'utf8');
  const yaml = readYaml(text, path);
  const { commit, patch, ...contract } = yaml.check(fileSchema);
  const differences = declarationsOf(yaml, contract.differences, undefined, language);
  const isDraft = text.split(/\r?\n/).some((line) => line.trim() === DRAFT_MARK);
  return {
    name,
    path,
    commit,
    patch,
    contract: { ...contract, differences, file: path, isDraft },
  };
}

/** Whose each file is, by trailers first and then by subjects. */
function ownersOf(
  files: readonly ContractFile[],
  commits: readonly Commit[],
  folder: string,
): Map<ContractFile, Commit> {
  const owners = new Map<ContractFile, Commit>();
  for (const commit of commits)
    for (const given of commit.contracts) {
      const file = files.find(({ name }) => name === given || `${name}${SUFFIX}` === given);
      if (file === undefined)
        throw new InputError(
          `commit '${commit.subject}' has the trailer 'Contract: ${given}', but there is no ${join(folder, given)}${SUFFIX}`,
        );
      if (owners.has(file)) throw new InputError(`${file.path}: several commits name it in a trailer`);
      owners.set(file, commit);
    }
  for (const file of files) {
    if (owners.has(file) || file.commit === undefined) continue;
    const found = commits.filter(({ subject }) => subject === file.commit);
    if (found[0] !== undefined) owners.set(file, only(found, file));
  }
  return owners;
}

function only(found: readonly Commit[], { path, name }: ContractFile): Commit {
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new InputError(
    `${path}: fits ${found.length} commits\n  what to do: name it in the message of the one it is of: 'Contract: ${name}'`,
  );
}

/** Letters of a subject that make the name of a file. */
const NAME_MAX = 50;

/** Where the contract of a commit goes, and what says whose it is. */
export function contractPlaceOf(
  { repository }: CommitRange,
  { hash, subject }: Commit,
  folder: string,
): ContractPlace {
  const words = subject
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, NAME_MAX);
  const name = words.replaceAll(/^-|-$/g, '') || hash.slice(0, 12);
  const patch = patchIdOf(repository, hash);
  return {
    path: join(folder, `${name}${SUFFIX}`),
    keys: { commit: subject, ...(patch !== '' && { patch }) },
  };
}
