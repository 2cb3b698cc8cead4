/** The whole litmus suite: every file in litmus/ with all variants, on every machine it states answers for. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseLitmusFile } from '#machine/litmus/file-parser.ts';
import { runTest } from '#machine/litmus/verdicts.ts';
import { formatSeconds } from './report.ts';

export function benchLitmus(): string[] {
  const folder = new URL('../litmus/', import.meta.url);
  const start = performance.now();
  const names = readdirSync(folder).filter((name) => name.endsWith('.litmus'));
  const tests = names.flatMap((name) => parseLitmusFile(readFileSync(new URL(name, folder), 'utf8'), name));
  const answers = tests.flatMap((test) => runTest(test).answers);
  const seconds = (performance.now() - start) / 1000;
  const wrong = answers.filter(({ agrees }) => agrees !== true).length;
  if (wrong > 0) throw new Error(`${wrong} of ${answers.length} litmus answers differ`);
  return [
    `${tests.length} programs, ${answers.length} answers, all agree   ${formatSeconds(seconds)} (target: under 60 s)`,
  ];
}
