/**
 * Loads a rules file: a TypeScript or JavaScript module whose default export comes from `defineRules`, or JSON with
 * the same content (each rule names its `kind`). What cannot be loaded is told in one message.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { loadDefault, loadFailure, type LoadedModule, type Offered } from '#base/load-module.ts';
import { packageFolder } from '#base/own-package.ts';
import * as ruleExports from './define-rules.ts';
import * as v from 'valibot';
import { C_KINDS } from './c/makers.ts';
import { cRuleSet, isAboutC, type CRuleSet } from './c/rule-set.ts';
import { defineRules, isBuiltIn, ruleFunctions, type Rule, type RuleSet } from './define-rules.ts';

export interface LoadedRules {
  readonly rules: readonly Rule[];
  /** Absolute folder that file names in the rules start from, when the file says so. */
  readonly base: string | undefined;
  readonly file: string;
  readonly exceptionsMax: number | undefined;
  /** Files the rules were read from; nothing when more than their text decides them. */
  readonly inputs: readonly string[] | undefined;
  /** The rules of a file about C; `rules` is empty then. */
  readonly c?: CRuleSet;
}

/** Loads and checks a rules file. Throws `InputError` when it is missing, broken or not a set of rules. */
export async function loadRules(file: string): Promise<LoadedRules> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) throw new InputError(`${file}: there is no such rules file.`);
  const { value, inputs } = absolute.endsWith('.json')
    ? { value: readJson(absolute, file), inputs: [absolute] }
    : await readModule(absolute, file);
  if (isAboutC(value)) return forC(value, { file, absolute, inputs });
  const ruleSet = defineRules(asRuleSet(value, file));
  const base = ruleSet.base === undefined ? undefined : path.resolve(path.dirname(absolute), ruleSet.base);
  return { rules: ruleSet.rules, base, file: absolute, exceptionsMax: ruleSet.exceptions?.max, inputs };
}

interface Read {
  readonly file: string;
  readonly absolute: string;
  readonly inputs: readonly string[] | undefined;
}

function forC(value: unknown, { file, absolute, inputs }: Read): LoadedRules {
  const outcome = v.safeParse(
    v.object({ base: setSchema.entries.base, exceptions: setSchema.entries.exceptions }),
    value,
  );
  const { base, exceptions } = outcome.success ? outcome.output : {};
  const folder = path.dirname(absolute);
  const c = cRuleSet(value, file, folder);
  return {
    rules: [],
    base: base === undefined ? undefined : path.resolve(folder, base),
    file: absolute,
    exceptionsMax: exceptions?.max,
    inputs,
    c,
  };
}

const setSchema = v.strictObject({
  $schema: v.optional(v.string()),
  base: v.optional(v.string()),
  language: v.optional(v.literal('typescript')),
  exceptions: v.optional(v.strictObject({ max: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
  rules: v.pipe(v.array(v.unknown()), v.nonEmpty('the list of rules is empty')),
});

function asRuleSet(value: unknown, file: string): RuleSet {
  if (typeof value !== 'object' || value === null || !Array.isArray(Reflect.get(value, 'rules'))) {
    throw new InputError(`${file}: has no rules. Export defineRules({ rules: [ … ] }) as the default.`);
  }
  const outcome = v.safeParse(setSchema, value);
  if (!outcome.success) {
    const [issue] = outcome.issues;
    const where = issue.path?.map((item) => String(item.key)).join('.') ?? '';
    throw new InputError(`${file}: ${where}: ${issue.message}`);
  }
  const { base, exceptions, rules } = outcome.output;
  const made = rules.map((rule, index) => asRule(rule, file, index));
  return {
    ...(base === undefined ? {} : { base }),
    ...(exceptions === undefined ? {} : { exceptions }),
    rules: made,
  };
}

function asRule(value: unknown, file: string, index: number): Rule {
  if (typeof value !== 'object' || value === null)
    throw new InputError(`${file}: rule ${index + 1} is no object.`);
  if ('check' in value && typeof value.check === 'function') return guarded(value as Rule, file);
  const { kind, ...options } = value as Record<string, unknown>;
  const make = ruleFunctions().get(String(kind));
  if (make === undefined) {
    const known = [...ruleFunctions().keys()].join(', ');
    throw new InputError(
      `${file}: rule ${index + 1} has the unknown kind "${String(kind)}". Known: ${known}.`,
    );
  }
  return make(options as never);
}

/** A rule of a user's own, whose errors are no defect of this tool. */
function guarded(rule: Rule, file: string): Rule {
  if (isBuiltIn(rule)) return rule;
  const check: Rule['check'] = (context) => {
    try {
      return rule.check(context);
    } catch (error) {
      if (error instanceof InputError) throw error;
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new InputError(`${file}: rule ${rule.id} ended in an error: ${reason}`);
    }
  };
  return { ...rule, check };
}

function readJson(absolute: string, file: string): unknown {
  try {
    return JSON.parse(readText(absolute));
  } catch (error) {
    throw new InputError(`${file}: cannot be read as JSON: ${loadFailure(error)}`);
  }
}

/** Whether the text of a rules file says that it is about C. */
export function saysC(text: string): boolean {
  return /\blanguage["']?\s*:\s*(["'`])c\1|\blanguage\s*,/.test(text);
}

/** Makers that only note what they are called with, and `defineRules` that returns it. */
function noting(makers: readonly string[]): object {
  const made = makers.map((kind) => [kind, (options: object) => ({ ...options, kind })] as const);
  return { ...Object.fromEntries(made), defineRules: (set: unknown) => set };
}

/** What a rules file may import: `pmem-conform/rules`, or in a clone its source. Rules on C are only noted. */
export function offeredRules(isAboutC = false): Offered {
  const makers = [...ruleFunctions().keys(), ...C_KINDS];
  return {
    specifier: 'pmem-conform/rules',
    file: path.join(packageFolder, 'checks', 'define-rules.ts'),
    exports: isAboutC ? { ...ruleExports, ...noting(makers) } : ruleExports,
    makers,
    passes: ['defineRules'],
    words: ['rules file', 'its rules'],
  };
}

async function readModule(absolute: string, file: string): Promise<LoadedModule> {
  try {
    const isC = saysC(readText(absolute));
    const loaded = await loadDefault(absolute, offeredRules(isC));
    // A CommonJS file that was compiled from a default export wraps it once more.
    const { value } = loaded;
    const inner: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'default') : undefined;
    return { ...loaded, value: inner ?? value };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${file}: ${error.message}`);
    throw new InputError(`${file}: cannot be loaded: ${loadFailure(error)}`);
  }
}
