/** `conform lint --against-c DIR`: how the structure of the model differs from the kernel it models. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import { memoryStore } from '#checks/c/facts.ts';
import { likeness, modelFunctions, type Likeness } from '#checks/c/model.ts';
import { cParser } from '#checks/c/parser.ts';
import { openTree } from '#checks/c/open-tree.ts';
import { openFolder } from '#checks/c/source/folder.ts';
import { symbolOf } from '#checks/c/uses.ts';
import { filterOf } from '#checks/globs.ts';
import { type CliContext, ExitCode } from '../context.ts';
import type { LintOptions } from './options.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where known differences are listed with their reasons: `before: missing f: reason`. */
const KNOWN = path.join(ROOT, 'series', 'against-c.txt');

/** Says in the list that nobody has looked for the reason. */
const UNREAD = 'not looked into yet';

/** Compares the tree of the model that fits the kernel: `before/` where there is a global pmem api, else `after/`. */
export async function againstC({ againstC: given = '.' }: LintOptions, context: CliContext): Promise<void> {
  const folder = path.resolve(context.folder ?? process.cwd(), given);
  if (!existsSync(path.join(folder, 'drivers/nvdimm')))
    throw new InputError(`--against-c ${given}: is no kernel tree: there is no drivers/nvdimm in it.`);
  const name = existsSync(path.join(folder, 'include/linux/pmem.h')) ? 'before' : 'after';
  const source = openFolder(folder, filterOf(['**/*.[chS]']));
  const functions = filesBelow(path.join(ROOT, name)).flatMap((file) =>
    modelFunctions(file, readFileSync(path.join(ROOT, name, file), 'utf8'), source.files.has),
  );
  const tree = await openTree({
    source,
    store: memoryStore(),
    parse: await cParser(),
    symbols: [...new Set(functions.map(({ symbol }) => symbol))].map(symbolOf),
    follows: () => false,
    isReached: () => Promise.resolve(true),
    includePaths: ['include'],
    assumed: new Map(),
    base: folder,
    rulesName: '',
    commit: undefined,
  });
  say(name, await likeness(functions, tree), context);
}

function say(
  name: string,
  { functions, inPlace, callsInBoth, differences }: Likeness,
  context: CliContext,
): void {
  const known = knownReasons(name);
  const fresh = differences.filter(({ key }) => !known.has(key));
  const found = new Set(differences.map(({ key }) => key));
  const stale = [...known.keys()].filter((key) => !found.has(key));
  for (const { key, text } of fresh)
    context.write(`new: ${text}\n    list it with its reason in series/against-c.txt: ${name}: ${key}: …\n`);
  for (const key of stale) context.write(`no longer so: ${key} (take it out of series/against-c.txt)\n`);
  const listed = differences.length - fresh.length;
  const unread = differences.filter(({ key }) => known.get(key) === UNREAD).length;
  context.write(
    `${name}/: ${functions} functions name a C symbol, ${inPlace} of them where the C tree has it; ${callsInBoth} calls among them are in both; ${differences.length} differences, ${listed} of them listed, ${unread} of these not looked into yet\n`,
  );
  if (fresh.length + stale.length > 0) context.exitCode = ExitCode.findings;
}

function knownReasons(name: string): ReadonlyMap<string, string> {
  if (!existsSync(KNOWN)) return new Map();
  const lines = readFileSync(KNOWN, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line): (readonly [string, string])[] => {
      const match = /^(before|after|both): ([^:]+): (\S.*)$/.exec(line);
      return match !== null && (match[1] === name || match[1] === 'both')
        ? [[match[2] ?? '', match[3] ?? '']]
        : [];
    }),
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .sort();
}
