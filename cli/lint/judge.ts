/** Judging with a compiler, and using the result of an earlier run when nothing has changed since. */
import path from 'node:path';
import { cacheKey, configurationFiles, createResultCache } from '#checks/cache.ts';
import { isBuiltIn } from '#checks/define-rules.ts';
import type { CompilerName } from '#checks/oracle/compiler.ts';
import { compilerOpener, openerFor } from '#checks/oracle/open.ts';
import type { Opener } from '#checks/oracle/opener.ts';
import type { LintResult } from '#checks/result.ts';
import type { Subject } from './subject.ts';

/** The result of an earlier run for the same question, or a new one, which is kept. */
export async function remembered(
  { project, rules, cache, details }: Subject,
  question: readonly unknown[],
  ids: ReadonlySet<string>,
  mayUse: boolean,
  run: () => Promise<LintResult>,
): Promise<LintResult> {
  if (!mayUse || !project.rules.every(isBuiltIn)) return run();
  const { tsconfig, others = [], base } = project;
  const kept = createResultCache(path.join(cache, 'lint'));
  const key = cacheKey(project.rules, [tsconfig, others, base, question, [...ids], details()]);
  const known = kept.get(
    key,
    rules.filter((rule) => ids.has(rule.id)),
  );
  if (known !== undefined) return known;
  const result = await run();
  const inputs = result.projects.flatMap((one) => one.inputs);
  kept.set(key, [...[tsconfig, ...others].flatMap(configurationFiles), ...inputs], result);
  return result;
}

/** Lends out a compiler of one's choice; with `asksAll`, one that answers everything itself. */
export async function using<T>(name: CompilerName, use: (opener: Opener) => T, asksAll = false): Promise<T> {
  const opener = await (asksAll ? compilerOpener : openerFor)(name);
  try {
    return use(opener);
  } finally {
    opener.close();
  }
}
