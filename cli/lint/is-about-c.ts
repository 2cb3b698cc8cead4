/** Whether `conform lint` is asked about C: by an option, or by a rules file that says `language: 'c'`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readText } from '#base/read-text.ts';
import { nearestRules } from '#checks/find-project.ts';
import { saysC } from '#checks/rules-file.ts';
import type { LintOptions } from './options.ts';

/** Reads no more than the text of the rules file. */
export function isAboutC(options: LintOptions, folder: string): boolean {
  const { language, repository, range, mbox, assume, againstC, own, project } = options;
  if (language !== undefined) return language === 'c';
  if ([repository, range, mbox, assume, againstC].some((option) => option !== undefined)) return true;
  if (own === true || project !== undefined) return false;
  const file = options.rules === undefined ? nearestRules(folder) : path.resolve(folder, options.rules);
  return file !== undefined && existsSync(file) && saysC(readText(file));
}
