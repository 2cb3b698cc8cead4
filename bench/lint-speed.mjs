// How long the linter takes beside the compiler, measured in one go on the same project: a generated one with five
// banned symbols, or the one whose tsconfig is given; then on this project with all its trees.
// Usage: node bench/lint-speed.mjs [--rounds 3] [tsconfig rules]
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

/** Seconds and peak MB of one run; the peak is that of this process's largest child so far. */
function seconds(argumentsGiven) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argumentsGiven, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 2 || status === null) throw new Error(stderr);
  return (performance.now() - start) / 1000;
}

function table(title, runs) {
  const times = runs.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    runs.forEach(([, line], index) => times[index].push(seconds(line)));
  process.stdout.write(`\n${title}, median of ${rounds} (min to max)\n`);
  const medians = times.map((list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]);
  runs.forEach(([name], index) => {
    const range = `${Math.min(...times[index]).toFixed(2)} to ${Math.max(...times[index]).toFixed(2)}`;
    const ratio = (medians[index] / medians[0]).toFixed(2);
    process.stdout.write(`  ${name.padEnd(34)} ${medians[index].toFixed(2)} s (${range})  ${ratio} x\n`);
  });
}

const [tsconfig, rules] = positionals.length === 2 ? positionals : generate();
const foreign = [conform, 'lint', '--project', tsconfig, '--rules', rules];
table('One project, five banned symbols', [
  ['tsc 7 --noEmit', [tsc, '-p', tsconfig, '--noEmit']],
  ['lint, ts-morph', [...foreign, '--no-cache', '--oracle', 'ts-morph']],
  ['lint, typescript-7', [...foreign, '--no-cache', '--oracle', 'typescript-7']],
  ['lint, second run on unchanged input', foreign],
]);
table('This project and all trees of its series', [
  ['tsc 7 --noEmit', [tsc, '-p', path.join(root, 'tsconfig.json'), '--noEmit']],
  ['lint, ts-morph', [conform, 'lint', '--no-cache', '--oracle', 'ts-morph']],
  ['lint, typescript-7', [conform, 'lint', '--no-cache', '--oracle', 'typescript-7']],
  ['lint, second run on unchanged input', [conform, 'lint']],
]);
