#!/usr/bin/env node
// Starts the command line tool.
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { outliveReaders } from './outlive-readers.mjs';
import { isClone, load } from './start.mjs';

const textOf = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** Answers without loading the tool. */
function quickly([first, ...others]) {
  if (others.length > 0) return undefined;
  if (first === '--version' || first === '-V') return say(`${JSON.parse(textOf('package.json')).version}\n`);
  const isHelp = first === '--help' || first === '-h';
  return isHelp && !isClone ? say(textOf('dist/help.txt')) : undefined;
}

function say(text) {
  process.stdout.write(text);
  return 0;
}

async function run(words) {
  if (isClone) (await import('../scripts/with-dependencies.mjs')).installWhenNeeded();
  const { sayAgain } = await load('cli/lint/unchanged.mjs');
  const again = sayAgain(words);
  if (again !== undefined) return again;
  const { runProcess } = await load('cli/process.ts');
  return runProcess(words);
}

// From Node 22 on, code that was compiled once is kept.
module.enableCompileCache?.();
const words = process.argv.slice(2);
const codeOf = outliveReaders();
process.exitCode = codeOf(quickly(words) ?? (await run(words)));
