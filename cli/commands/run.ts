/** `conform run`: all scenarios on both sides. */
import type { Command } from 'commander';
import { scenarioResult, type ScenarioResult } from '#conformance/report/model.ts';
import { painter, suiteText } from '#conformance/report/text.ts';
import { runScenario } from '#conformance/scenario.ts';
import { scenarios } from '#conformance/scenarios/index.ts';
import { InputError } from '#machine/input-error.ts';
import { loadTree } from '#series/trees.ts';
import { type CliContext, ExitCode } from '../context.ts';
import { formatOption, treeOptions } from '../options.ts';

interface RunOptions {
  readonly format: 'text' | 'json';
  readonly only?: string;
  readonly before: string;
  readonly after: string;
}

export function registerRun(program: Command, context: CliContext): void {
  treeOptions(program.command('run'))
    .description('run all scenarios on both sides and compare what a power failure may leave')
    .addOption(formatOption())
    .option('--only <text>', 'only scenarios whose name, theme or source contains this')
    .addHelpText(
      'after',
      '\nExit code: 0 all as expected, 1 something is not, 2 could not run. Columns: docs/OUTPUT.md.',
    )
    .action((options: RunOptions) => run(options, context));
}

async function run(options: RunOptions, context: CliContext): Promise<void> {
  const wanted = options.only?.toLowerCase() ?? '';
  const chosen = scenarios.filter(({ name, theme, source }) =>
    [name, theme, source].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (chosen.length === 0) {
    const themes = [...new Set(scenarios.map(({ theme }) => theme))].join(', ');
    throw new InputError(`no scenario contains '${options.only}'\n  themes: ${themes}`);
  }
  const trees = { before: await loadTree(options.before), after: await loadTree(options.after) };
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    if (context.progress) context.writeError(`\r\u001b[K${results.length}/${chosen.length} ${scenario.name}`);
    results.push(scenarioResult(runScenario(trees, scenario)));
  }
  if (context.progress) context.writeError('\r\u001b[K');
  const suite = { before: options.before, after: options.after, scenarios: results };
  context.write(
    options.format === 'json'
      ? `${JSON.stringify(suite, null, 2)}\n`
      : suiteText(suite, painter(context.color)),
  );
  if (results.some(({ mismatches }) => mismatches.length > 0)) context.exitCode = ExitCode.findings;
}
