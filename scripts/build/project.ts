/** The project that the tool comes with, as the package has it: which files, and with what text. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SHARED_FOLDERS } from '#base/own-project.ts';
import { filesBelow } from '#base/tree-files.ts';
import { withoutComments } from './without-comments.ts';

/** What it is made of, besides what its trees import. */
const PARTS: readonly { readonly folder: string; readonly files: RegExp }[] = [
  { folder: 'before', files: /./ },
  { folder: 'after', files: /./ },
  { folder: 'kernel', files: /./ },
  // The engine reads patches, contracts and variants; what says more about a variant is for readers of a clone.
  { folder: 'series', files: /(?<!\.ts|\/README\.md)$/ },
  { folder: 'checks/api', files: /./ },
  { folder: 'pmem/scenarios/suite', files: /\.scenarios$/ },
  { folder: 'litmus', files: /\.litmus$/ },
];

const isShared = (file: string): boolean => SHARED_FOLDERS.some((name) => file.startsWith(`${name}/`));

/**
 * Texts by path below `root`. What trees share with the tool, and scenarios, come without comments, each line where it was: a fifth of the package
 * would be comments that the repository has. What a patch changes stays as it is, so that the patch applies.
 */
export function packedProject(root: string): Map<string, string> {
  const text = (file: string): string => readFileSync(join(root, file), 'utf8');
  const files = PARTS.flatMap(({ folder, files: wanted }) =>
    filesBelow(join(root, folder))
      .map((file) => `${folder}/${file}`)
      .filter((file) => wanted.test(file)),
  );
  const patched = new Set(files.flatMap((file) => patchedFiles(text(file))));
  const found = withImports(
    root,
    [...files, ...patched].filter((file) => existsSync(join(root, file))),
  );
  const { imports } = JSON.parse(text('package.json')) as { imports: Record<string, string> };
  const own = Object.fromEntries(SHARED_FOLDERS.map((name) => [`#${name}/*`, imports[`#${name}/*`]]));
  return new Map([
    ['package.json', JSON.stringify({ type: 'module', imports: own })],
    ['tsconfig.json', text('tsconfig.json')],
    ...found.map((file): [string, string] => {
      if (file.endsWith('.scenarios')) return [file, text(file).replaceAll(/^ *#.*$/gm, '')];
      const isBare = isShared(file) && file.endsWith('.ts') && !patched.has(file);
      return [file, isBare ? withoutComments(text(file)) : text(file)];
    }),
  ]);
}

/** Shared files that a patch in this text changes. */
function patchedFiles(text: string): string[] {
  return [...text.matchAll(/^--- a\/(\S+)/gm)].map(([, file = '']) => file).filter(isShared);
}

/** `files` and the shared ones that they import, sorted. */
function withImports(root: string, files: readonly string[]): string[] {
  const found = new Set(files);
  for (const file of found) {
    const source = readFileSync(join(root, file), 'utf8');
    const named = [...source.matchAll(/ from '#([\w./-]+\.ts)'/g)].map(([, name = '']) => name);
    const beside = [...source.matchAll(/ from '(\.[\w./-]+\.ts)'/g)].map(([, name = '']) =>
      join(dirname(file), name),
    );
    for (const name of [...named, ...beside])
      if (isShared(name) && existsSync(join(root, name))) found.add(name);
  }
  return [...found].sort();
}
