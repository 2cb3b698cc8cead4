// node scripts/release.mjs VERSION [--dry-run]: gives a version its name. Changes package.json, package-lock.json and CHANGELOG.md, commits
// and tags; nothing is published: `npm publish` is said at the end. With --dry-run nothing is changed and everything is said.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.env.RELEASE_FOLDER ?? join(import.meta.dirname, '..');
const words = process.argv.slice(2);
const isDry = words.includes('--dry-run');
const [version = '', ...others] = words.filter((word) => word !== '--dry-run');

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

const read = (file) => readFileSync(join(root, file), 'utf8');
const numbersOf = (text) => text.split('.').map(Number);

function git(...options) {
  const { status, stdout, stderr } = spawnSync('git', options, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`git ${options.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

/** Whether `later` comes after `earlier`. */
function isLater(later, earlier) {
  const [left, right] = [numbersOf(later), numbersOf(earlier)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at >= 0 && left[at] > right[at];
}

/** The changelog with the changes so far under the version. */
function changelogWith(text, date) {
  const head = '\n## Unreleased\n';
  const start = text.indexOf(head);
  if (start < 0) fail('CHANGELOG.md has no part "## Unreleased"');
  const next = text.indexOf('\n## ', start + head.length);
  const changes = text.slice(start + head.length, next < 0 ? undefined : next).trim();
  if (changes === '') fail('CHANGELOG.md says nothing under "## Unreleased"');
  const rest = next < 0 ? '\n' : text.slice(next);
  return `${text.slice(0, start)}${head}\n## ${version} (${date})\n\n${changes}\n${rest}`;
}

if (!/^\d+\.\d+\.\d+$/.test(version) || others.length > 0)
  fail('usage: node scripts/release.mjs VERSION [--dry-run]\n  VERSION: three numbers, such as 0.2.0');
const manifest = JSON.parse(read('package.json'));
if (!isLater(version, manifest.version)) fail(`${version} does not come after ${manifest.version}`);
if (git('status', '--porcelain') !== '') fail('there are changes that are not committed');
if (git('tag', '--list', `v${version}`) !== '') fail(`there is a tag v${version} already`);

// The day of the last commit, so that the same commit gives the same release.
const date = git('log', '-1', '--format=%cs');
const renamed = (text) =>
  text.replaceAll(/^( {2}| {6})"version": "[^"]*"/gm, (_, indent) => `${indent}"version": "${version}"`);
const lock = JSON.parse(read('package-lock.json'));
lock.version = version;
if (lock.packages?.[''] !== undefined) lock.packages[''].version = version;
const files = {
  'package.json': renamed(read('package.json')),
  'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
  'CHANGELOG.md': changelogWith(read('CHANGELOG.md'), date),
};
for (const [file, content] of Object.entries(files)) {
  process.stdout.write(`${isDry ? 'would write' : 'writes'} ${file}\n`);
  if (!isDry) writeFileSync(join(root, file), content);
}
process.stdout.write(`${isDry ? 'would commit and tag' : 'commits and tags'} v${version}\n`);
if (!isDry) {
  git('commit', '--quiet', '--all', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
}
process.stdout.write('to publish it: npm publish\n');
