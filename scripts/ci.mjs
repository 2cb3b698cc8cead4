// What CI runs on a clean clone: format check, lint, typecheck, module boundaries by both compilers, the steps and
// variants, workloads by chance, damaged inputs, the README's test command, the slow proofs. The last line is `N passed, N failed` with the counts of all
// test files' tests and one for each other step.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';

let passed = 0;
let failed = 0;

/** Runs a step that either works or does not. */
async function step(name, command) {
  console.log(`\n== ${name}`);
  const result = await command;
  if (result.exitCode === 0) passed++;
  else failed++;
  if (result.exitCode !== 0) console.log(`== ${name} failed with exit code ${result.exitCode}`);
}

/** Runs tests and counts each of them from the runner's own report. */
async function tests(name, command, report) {
  console.log(`\n== ${name}`);
  const result = await command;
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    passed += counts.numPassedTests;
    failed += counts.numFailedTests;
    if (result.exitCode !== 0 && counts.numFailedTests === 0) failed++;
    if (counts.numTotalTests === 0) failed++;
  } catch (error) {
    console.log(`== ${name} left no report: ${error.message}`);
    failed++;
  }
}

/** Whether programs can be recorded here: qemu-x86_64 and a compiler are there. */
async function canRecord() {
  const found = await $({ nothrow: true, quiet: true })`command -v qemu-x86_64 && command -v gcc`;
  return found.exitCode === 0;
}

/** Installs what recording programs needs, where it is missing and apt may. */
async function installRecorder() {
  if ((await canRecord()) || process.getuid?.() !== 0) return;
  const quiet = $({ nothrow: true, quiet: true });
  await quiet`apt-get update`;
  await quiet`apt-get install -y --no-install-recommends qemu-user gcc libc6-dev binutils`;
}

/** Whether pages can be tried in a browser here. */
async function hasBrowser() {
  const found = await $({ nothrow: true, quiet: true })`command -v chromium || command -v chromium-browser`;
  return found.exitCode === 0;
}

/** Installs a browser, where it is missing and apt may. */
async function installBrowser() {
  if ((await hasBrowser()) || process.getuid?.() !== 0) return;
  const quiet = $({ nothrow: true, quiet: true });
  await quiet`apt-get update`;
  await quiet`apt-get install -y --no-install-recommends chromium`;
}

// The proof for ADR and eADR is done; npm run test:exhaustive proves the other six settings too.
const NOT_IN_CI = 'test/exhaustive/six-instructions-{clflush,no-adr,write-back}.test.ts';

const run = $({ stdio: 'inherit', nothrow: true });
const folder = mkdtempSync(join(tmpdir(), 'pmem-conform-ci-'));
const reporters = (file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];

await installRecorder();
await installBrowser();
await step('format', run`npm run --silent format:check`);
await step('lint', run`npm run --silent lint`);
await step('typecheck', run`npm run --silent typecheck`);
await step('start', run`npm start --silent`);
await step('boundaries', run`node bin/conform.mjs lint --cross-check`);
await step('steps and variants', run`node bin/conform.mjs run`);
await step('workloads by chance', run`node bin/conform.mjs fuzz --count 2000 --seed 2017`);
await step('reachability', run`npm run --silent reach`);
await step('damaged inputs', run`npm run --silent fuzz-inputs -- --count 150 --seed 2017`);
await step('series', run`node bin/conform.mjs series check`);
const report = join(folder, 'tests.json');
await tests('test', run`npm test --silent -- ${reporters(report)}`, report);
const slow = join(folder, 'exhaustive.json');
await tests(
  'exhaustive tests',
  run`node node_modules/vitest/vitest.mjs run --config vitest.exhaustive.config.ts --exclude ${NOT_IN_CI} ${reporters(slow)}`,
  slow,
);
rmSync(folder, { recursive: true, force: true });
if (!(await canRecord()))
  console.log(
    '\nSKIPPED: the tests of the recorder (test/recordings/record), because qemu-user or gcc is not here and could not be installed',
  );
if (!(await hasBrowser()))
  console.log(
    '\nSKIPPED: the tests in a browser (test/browser), because chromium is not here and could not be installed',
  );
process.exitCode = failed === 0 ? 0 : 1;
console.log(`\n${passed} passed, ${failed} failed`);
