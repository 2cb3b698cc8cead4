/** A result under the baseline the user named, which is made, followed and shrunk as asked. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { counted } from '#base/counted.ts';
import { InputError } from '#base/input-error.ts';
import { applyBaseline, entriesFor, readBaseline, writeBaseline } from '#checks/baseline.ts';
import { renamesSince } from '#checks/renames.ts';
import type { LintResult } from '#checks/result.ts';
import type { CliContext } from '../context.ts';
import type { LintOptions } from './options.ts';

/** Applies `--baseline`, `--update-baseline` and `--accept`. Throws `InputError` when they do not go together. */
export function baselined(
  result: LintResult,
  options: LintOptions,
  base: string,
  context: CliContext,
): LintResult {
  const { baseline, updateBaseline } = options;
  const accept = options.accept === true ? undefined : options.accept;
  if (options.accept === true)
    throw new InputError('--accept needs the ids of rules: a baseline never grows by itself.');
  if (baseline === undefined) {
    if (updateBaseline === true) throw new InputError('--update-baseline needs --baseline FILE.');
    if (accept !== undefined) throw new InputError('--accept needs --baseline FILE and --update-baseline.');
    return result;
  }
  if (accept !== undefined && updateBaseline !== true)
    throw new InputError('--accept needs --update-baseline: it writes the baseline.');
  const unknown = accept?.find((id) => !result.rules.some((rule) => rule.id === id));
  if (unknown !== undefined)
    throw new InputError(`--accept: there is no rule ${unknown} among those judged by.`);
  const isNew = updateBaseline === true && !existsSync(baseline);
  if (isNew) {
    const entries = entriesFor(result).filter(({ rule }) => accept?.includes(rule) !== false);
    writeBaseline(baseline, entries);
    context.writeError(`${baseline}: accepts ${counted(entries.length, 'finding')} from now on.\n`);
  }
  const entries = readBaseline(baseline);
  const applied = applyBaseline(result, entries, baseline, renamesOf(baseline, entries, base));
  if (applied.moved > 0)
    context.writeError(
      `${baseline}: ${counted(applied.moved, 'entry follows', 'entries follow')} what was moved or renamed.\n`,
    );
  if (updateBaseline !== true) return applied.result;
  const added =
    accept === undefined || isNew
      ? []
      : entriesFor(applied.result).filter(({ rule }) => accept.includes(rule));
  const kept = [...applied.kept, ...added];
  writeBaseline(baseline, kept);
  if (applied.stale > 0)
    context.writeError(`${baseline}: ${counted(applied.stale, 'entry', 'entries')} taken out.\n`);
  if (added.length > 0) context.writeError(`${baseline}: ${counted(added.length, 'finding')} accepted.\n`);
  return applyBaseline(result, kept, baseline).result;
}

/** Git is only asked when the file of an entry is gone. */
function renamesOf(
  baseline: string,
  entries: ReturnType<typeof readBaseline>,
  base: string,
): ReadonlyMap<string, string> {
  const isMoved = entries.some(({ file }) => !existsSync(path.join(base, file)));
  return isMoved ? renamesSince(baseline, base) : new Map();
}
