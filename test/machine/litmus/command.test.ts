/** `conform litmus` as a command: exit codes, formats, options. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { registerLitmus } from '../../../cli/commands/litmus.ts';
import { type CliContext, ExitCode } from '../../../cli/context.ts';
import { InputError } from '#base/input-error.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'litmus-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function run(...words: string[]): Promise<{ output: string; exitCode: number }> {
  let output = '';
  const write = (part: string): void => {
    output += part;
  };
  const context: CliContext = {
    write,
    writeError: write,
    color: false,
    progress: false,
    exitCode: ExitCode.clean,
  };
  const program = new Command('conform').exitOverride().configureOutput({ writeOut: write, writeErr: write });
  registerLitmus(program, context);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
  try {
    await program.parseAsync(['litmus', ...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { output: error.message, exitCode: ExitCode.couldNotRun };
  }
  return { output, exitCode: context.exitCode };
}

const right = fileWith(
  'right.litmus',
  'test: T\nprogram: x=1; y=1\ncrash: y=1 & x=0\nexpect: ADR A (4), eADR F (3)\n',
);
const wrong = fileWith('wrong.litmus', 'test: T\nprogram: x=1; y=1\ncrash: y=1 & x=0\nexpect: ADR F (4)\n');

describe('conform litmus', () => {
  it('should exit with 0 when all agree', async () => {
    expect(await run(right)).toEqual({
      output: 'ok    T  ADR A (4), eADR F (3)\n1 tests, 2 answers: 2 agree, 0 differ (10 states)\n',
      exitCode: ExitCode.clean,
    });
  });

  it('should exit with 1 and say where the expectation stands when one differs', async () => {
    expect(await run(wrong)).toEqual({
      output: [
        'DIFF  T  ADR A (4)',
        `        expected ADR F (4) at ${wrong}:4:9`,
        '        x=1; y=1   crash: y=1 & x=0',
        '1 tests, 1 answers: 0 agree, 1 differ (7 states)',
        '',
      ].join('\n'),
      exitCode: ExitCode.findings,
    });
  });

  it('should exit with 2 when a program has too many states, and still answer the others', async () => {
    const { output, exitCode } = await run(right, '--max-states', '6');
    expect(exitCode).toBe(ExitCode.couldNotRun);
    expect(output).toContain('LIMIT T  eADR F (3)');
    expect(output).toContain(
      'ADR: more than 6 states: raise the limit (--max-states) or shorten the program',
    );
  });

  it('should answer as data', async () => {
    const { output } = await run(right, '--format', 'json', '--machine', 'eADR', '--images');
    expect(JSON.parse(output)).toMatchObject({
      tests: [
        {
          name: 'T',
          program: 'x=1; y=1',
          question: { kind: 'crash', text: 'y=1 & x=0' },
          answers: [
            {
              machine: 'eADR',
              verdict: 'forbidden',
              images: 3,
              expected: { verdict: 'F', images: 3 },
              agrees: true,
              imageWords: ['x', 'y'],
              imageValues: [[0, 0], [1, 0], [1, 1]],
            },
          ],
        },
      ],
      totals: { tests: 1, agreeing: 1, disagreeing: 0 },
    }); // prettier-ignore
  });

  it('should run the test files of a directory', async () => {
    const { output, exitCode } = await run(folder, '--quiet');
    expect(exitCode).toBe(ExitCode.findings);
    expect(output).toContain('2 tests, 3 answers: 2 agree, 1 differ');
  });

  it('should list what was never exercised', async () => {
    const { output } = await run(right, '--coverage');
    expect(output).toContain('Rules never used: R2-forward, R2-memory, R3');
    expect(output).toContain('Cells never exercised: R→R, R→W');
    const json = JSON.parse((await run(right, '--coverage', '--format', 'json')).output) as {
      coverage: { rules: unknown[]; cells: unknown[] };
    };
    expect(json.coverage.cells).toHaveLength(64);
  });

  it('should exercise every rule and every cell with the catalogue', async () => {
    const { output } = await run(
      new URL('../../../litmus', import.meta.url).pathname,
      '--quiet',
      '--coverage',
    );
    expect(output).toContain('Rules never used: none\nCells never exercised: none\n');
  });

  it('should notice a machine without a rule', async () => {
    expect((await run(right, '--without', 'R6')).exitCode).toBe(ExitCode.findings);
  });

  it.each([
    [['missing.litmus'], 'missing.litmus: no such file'],
    [['--crash', 'x=1'], '--crash and --final ask about --program, which is missing'],
    [[right, '--program', 'x=1'], '--program and files exclude each other: give one of them'],
    [['--program', 'x=1; y', '--crash', 'x=1'], "--program:1:7: expected '=' and a number (or ':=' to load into a register), found the end of the text"],
    [[right, '--machine', 'XDR'], '--machine XDR: expected one of ADR, eADR, no-ADR, independent, write-back, lazy, nt_fl, intel, AMD, line, location, single, per-line'],
    [[right, '--max-states', 'many'], '--max-states many: expected a whole number from 1 to 50000000'],
  ])('should refuse %j', async (words, message) => {
    expect(await run(...words)).toEqual({ output: message, exitCode: ExitCode.couldNotRun });
  }); // prettier-ignore
});
