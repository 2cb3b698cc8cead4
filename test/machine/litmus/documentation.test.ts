/** Runs every example of docs/MACHINE.md: litmus blocks agree with the explorer, console blocks print what they show. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { registerLitmus } from '../../../cli/commands/litmus.ts';
import type { CliContext } from '../../../cli/context.ts';
import { parseLitmusFile } from '../../../machine/litmus/file-parser.ts';
import { DEFAULT_MACHINE, SWITCH_WORDS } from '../../../machine/litmus/machine-switches.ts';
import { CLASSES, orderOf } from '../../../machine/litmus/ordering.ts';
import { textReport } from '../../../machine/litmus/report.ts';
import { RULE_NAMES } from '../../../machine/litmus/rules.ts';
import { runTest } from '../../../machine/litmus/verdicts.ts';

const text = readFileSync(new URL('../../../docs/MACHINE.md', import.meta.url), 'utf8');

function fences(language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');
}

/** Splits a command line at spaces outside single quotes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

async function outputOf(words: readonly string[]): Promise<string> {
  let output = '';
  const write = (part: string): void => {
    output += part;
  };
  const context: CliContext = { write, writeError: write, color: false, progress: false, exitCode: 0 };
  const program = new Command('conform').exitOverride();
  registerLitmus(program, context);
  await program.parseAsync([...words], { from: 'user' });
  return output;
}

describe('docs/MACHINE.md', () => {
  it('should state what the explorer answers', () => {
    const tests = fences('litmus').flatMap((block) => parseLitmusFile(block, 'docs/MACHINE.md'));
    expect(tests.length).toBeGreaterThan(20);
    const wrong = tests
      .map((test) => runTest(test))
      .filter(({ answers }) => answers.some(({ agrees }) => agrees !== true));
    expect(wrong.map((result) => textReport([result], false))).toEqual([]);
  });

  it.each(fences('console'))('should show what the command prints (block %#)', async (block) => {
    const [command = '', ...shown] = block.split('\n');
    expect(await outputOf(wordsOf(command.replace('$ npx pmem-conform ', '')))).toBe(shown.join('\n'));
  });

  it('should print the ordering table of the code', () => {
    const symbols = { kept: '✓', free: '✗', line: 'line', word: 'word' };
    for (const earlier of CLASSES) {
      const cells = CLASSES.map((later) => symbols[orderOf(earlier, later, DEFAULT_MACHINE)]);
      expect(text).toContain(`| ${earlier} | ${cells.join(' | ')} |`);
    }
  });

  it('should name every rule and every switch', () => {
    for (const name of RULE_NAMES)
      expect(text).toContain(name.startsWith('own-') ? `*${name}*` : name.replace(/-.*/, ''));
    for (const { word } of SWITCH_WORDS) expect(text).toContain(word);
  });
});
