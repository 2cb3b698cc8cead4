// How long the linter takes beside the compiler, measured in one go on the same project: a generated one with five
// banned symbols and then this project with all its trees, or only the one whose tsconfig and rules are given.
// Usage: node bench/lint-speed.mjs [--rounds 3] [tsconfig rules]
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const conform = path.join(root, 'bin', 'conform.mjs');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const FILES = 460;
const FUNCTIONS_PER_FILE = 15;

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);

/** Text of one generated file: functions, a class, an interface, imports of earlier files and of the api. */
function fileText(index) {
  const lines = [];
  const earlier = [1, 7, 23].map((back) => index - back).filter((other) => other >= 0);
  for (const other of earlier)
    lines.push(`import { work${other}x0, type State${other} } from './file${other}.ts';`);
  const banned = index % 10 === 0 ? (index / 10) % 5 : -1;
  if (banned >= 0) lines.push(`import { banned${banned} } from './api.ts';`);
  lines.push(`export interface State${index} { readonly total: number; readonly names: readonly string[] }`);
  for (let number = 0; number < FUNCTIONS_PER_FILE; number += 1) {
    lines.push(
      `/** Number ${number} of file ${index}. */`,
      `export function work${index}x${number}(state: State${index}, by: number): State${index} {`,
      '  const names = state.names.filter((name) => name.length > by).map((name) => name.toUpperCase());',
      '  const table = new Map(names.map((name, at) => [name, at * by] as const));',
      '  let total = state.total;',
      '  for (const [name, value] of table) total += value + name.length;',
      banned >= 0 && number === 3 ? `  total += banned${banned}(total);` : '  total %= 1000;',
      '  return { ...state, total, names };',
      '}',
    );
  }
  for (const other of earlier) {
    lines.push(`export function join${index}x${other}(state: State${other}): number {`);
    lines.push(`  return work${other}x0(state, 2).total;`, '}');
  }
  return `${lines.join('\n')}\n`;
}

/** A real project: the names of its tsconfig and of a rules file, in LINT_BENCH_PROJECT and LINT_BENCH_RULES. */
function givenProject() {
  const { LINT_BENCH_PROJECT: project, LINT_BENCH_RULES: rules } = process.env;
  return project === undefined || rules === undefined
    ? undefined
    : [path.resolve(project), path.resolve(rules)];
}

function generate() {
  const folder = path.join(root, '.cache', 'lint-bench');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  const options = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const compilerOptions = { ...options, allowImportingTsExtensions: true };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const api = [0, 1, 2, 3, 4].map(
    (n) => `export function banned${n}(n: number): number {\n  return n + ${n};\n}\n`,
  );
  writeFileSync(path.join(folder, 'src', 'api.ts'), api.join(''));
  let lineCount = 0;
  for (let index = 0; index < FILES; index += 1) {
    const text = fileText(index);
    lineCount += text.split('\n').length - 1;
    writeFileSync(path.join(folder, 'src', `file${index}.ts`), text);
  }
  const header = { title: 't', because: 'b', instead: 'i' };
  const rules = [0, 1, 2, 3, 4].map((n) => ({
    kind: 'noReference',
    id: `BENCH-${n}`,
    ...header,
    symbols: [`src/api.ts#banned${n}`],
  }));
  const rulesFile = path.join(folder, 'boundary.config.json');
  writeFileSync(rulesFile, JSON.stringify({ rules }));
  process.stdout.write(`generated ${FILES + 1} files, ${lineCount} lines\n`);
  return [path.join(folder, 'tsconfig.json'), rulesFile];
}

/** CPU seconds (user and system) and memory of a process and all it started so far, from /proc. */
function usage(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter((child) => child.trim() !== ''),
    );
    const megabytes = (Number(fields[21]) * 4096) / 1e6;
    return children
      .map(usage)
      .reduce(
        (sum, one) => ({ ticks: { ...sum.ticks, ...one.ticks }, megabytes: sum.megabytes + one.megabytes }),
        { ticks: { [pid]: Number(fields[11]) + Number(fields[12]) }, megabytes },
      );
  } catch {
    // Ended between two looks.
    return { ticks: {}, megabytes: 0 };
  }
}

/** CPU seconds of one run with all processes it starts, and their memory at the highest, looked at every 10 ms. */
function measured(argumentsGiven) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argumentsGiven, { stdio: ['ignore', 'ignore', 'inherit'] });
    const ticks = {};
    let megabytes = 0;
    const look = () => {
      const now = usage(child.pid);
      Object.assign(ticks, now.ticks);
      megabytes = Math.max(megabytes, now.megabytes);
    };
    const timer = setInterval(look, 10);
    child.on('exit', (code) => {
      clearInterval(timer);
      const total = Object.values(ticks).reduce((sum, count) => sum + count, 0);
      if (code === 2 || code === null) reject(new Error(`${argumentsGiven.join(' ')}: exit ${code}`));
      else resolve({ seconds: total / 100, megabytes });
    });
  });
}

async function table(title, runs) {
  const results = runs.map(() => []);
  // The last line is about an unchanged project: it must have been judged before.
  await measured(runs.at(-1)[1]);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  await measured(runs.at(-1)[1]);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, [, line]] of runs.entries()) results[index].push(await measured(line));
  process.stdout.write(`\n${title}: CPU, median of ${rounds} (min to max), memory at most\n`);
  const medians = results.map(
    (list) => list.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(list.length / 2)],
  );
  for (const [index, [name]] of runs.entries()) {
    const times = results[index].map(({ seconds }) => seconds);
    const memory = Math.max(...results[index].map(({ megabytes }) => megabytes));
    const range = `${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)}`;
    const ratio = (medians[index] / medians[0]).toFixed(2);
    process.stdout.write(
      `  ${name.padEnd(34)} ${medians[index].toFixed(2)} s (${range})  ${ratio} x  ${memory.toFixed(0)} MB\n`,
    );
  }
}

const given = positionals.length === 2 ? positionals : givenProject();
const [tsconfig, rules] = given ?? generate();
const foreign = [conform, 'lint', '--project', tsconfig, '--rules', rules];
await table('One project', [
  ['tsc 7 --noEmit', [tsc, '-p', tsconfig, '--noEmit']],
  ['lint, ts-morph', [...foreign, '--no-cache', '--oracle', 'ts-morph']],
  ['lint, typescript-7', [...foreign, '--no-cache', '--oracle', 'typescript-7']],
  ['lint, second run on unchanged input', foreign],
]);
if (given === undefined)
  await table('This project and all trees of its series', [
    ['tsc 7 --noEmit', [tsc, '-p', path.join(root, 'tsconfig.json'), '--noEmit']],
    ['lint, ts-morph', [conform, 'lint', '--own', '--no-cache', '--oracle', 'ts-morph']],
    ['lint, typescript-7', [conform, 'lint', '--own', '--no-cache', '--oracle', 'typescript-7']],
    ['lint, second run on unchanged input', [conform, 'lint', '--own']],
  ]);
