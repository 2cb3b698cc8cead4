/** A first configuration for a repository, from what can be found out about it: which commits are new, and how its tests are run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { askGit } from '#base/git.ts';
import { InputError } from '#base/input-error.ts';
import { readCommits } from '#engine/series/commits.ts';

/** Branches that work usually leaves. */
const TRUNKS = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'trunk'];

/** Commits that are taken where there is no branch to leave. */
const LAST_MAX = 5;

/** Seconds for the tests of a project. */
const TEST_SECONDS = 600;

/** How tests are run where `file` is there and its text has `mark`. */
const TESTS: readonly { readonly file: string; readonly mark?: RegExp; readonly command: string }[] = [
  { file: 'package.json', mark: /"test"\s*:/, command: 'npm test' },
  { file: 'Cargo.toml', command: 'cargo test' },
  { file: 'go.mod', command: 'go test ./...' },
  { file: 'pytest.ini', command: 'python3 -m pytest' },
  { file: 'pyproject.toml', mark: /pytest/, command: 'python3 -m pytest' },
  { file: 'Makefile', mark: /^(test|check):/m, command: 'make test' },
];

const INSTALLS: readonly (readonly [string, string])[] = [
  ['package-lock.json', 'npm ci'],
  ['yarn.lock', 'yarn install --frozen-lockfile'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
];

/** The text of a configuration for the repository in `root`. Throws `InputError` where no series or no test is found. */
export function proposeConfiguration(root: string): string {
  const command = testCommand(root);
  const prepare = INSTALLS.find(([lock]) => existsSync(join(root, lock)))?.[1];
  const range = proposeRange(root);
  const configuration = {
    range,
    ...(prepare !== undefined && { prepare }),
    probe: { run: `${command} >/dev/null 2>&1`, timeoutSeconds: TEST_SECONDS },
  };
  return [
    '# Each commit of the range is held to its contract; one without a contract must change nothing.',
    '# This probe observes only how the tests end. A better one prints what users get: docs/OWN-SERIES.md.',
    stringify(configuration),
  ].join('\n');
}

function testCommand(root: string): string {
  const found = TESTS.find(({ file, mark }) => {
    const path = join(root, file);
    return existsSync(path) && (mark === undefined || mark.test(readFileSync(path, 'utf8')));
  });
  if (found === undefined)
    throw new InputError(
      `no tests found in ${root}: looked for ${TESTS.map(({ file }) => file).join(', ')}\n  what to do: write a probe and a conform.config.yaml, as docs/OWN-SERIES.md shows`,
    );
  if (found.file !== 'Makefile') return found.command;
  return /^test:/m.test(readFileSync(join(root, found.file), 'utf8')) ? 'make test' : 'make check';
}

/** The commits since the trunk, else the last few in one line. */
function proposeRange(root: string): string {
  for (const trunk of TRUNKS) {
    const count = askGit(root, ['rev-list', '--count', `${trunk}..HEAD`]);
    if ('out' in count && Number(count.out) > 0 && isOneLine(root, `${trunk}..HEAD`)) return `${trunk}..HEAD`;
  }
  for (let count = LAST_MAX; count > 0; count--)
    if (isOneLine(root, `HEAD~${count}..HEAD`)) return `HEAD~${count}..HEAD`;
  // Says what is wrong.
  readCommits(root, 'HEAD~1..HEAD');
  return 'HEAD~1..HEAD';
}

function isOneLine(root: string, range: string): boolean {
  try {
    readCommits(root, range);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
