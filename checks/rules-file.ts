/**
 * Loads a rules file: a TypeScript or JavaScript module whose default export comes from `defineRules`, or JSON with
 * the same content (each rule names its `kind`). What cannot be loaded is told in one message.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import * as ruleExports from './define-rules.ts';
import { loadDefault, loadFailure } from './load-module.ts';
import { defineRules, ruleFunctions, type Rule, type RuleSet } from './define-rules.ts';

export interface LoadedRules {
  readonly rules: readonly Rule[];
  /** Absolute folder that file names in the rules start from, when the file says so. */
  readonly base: string | undefined;
  readonly file: string;
}

/** Loads and checks a rules file. Throws `InputError` when it is missing, broken or not a set of rules. */
export async function loadRules(file: string): Promise<LoadedRules> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) throw new InputError(`${file}: there is no such rules file.`);
  const value = absolute.endsWith('.json') ? readJson(absolute, file) : await readModule(absolute, file);
  const ruleSet = defineRules(asRuleSet(value, file));
  const base = ruleSet.base === undefined ? undefined : path.resolve(path.dirname(absolute), ruleSet.base);
  return { rules: ruleSet.rules, base, file: absolute };
}

function asRuleSet(value: unknown, file: string): RuleSet {
  const rules: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'rules') : undefined;
  if (!Array.isArray(rules)) {
    throw new InputError(`${file}: has no rules. Export defineRules({ rules: [ … ] }) as the default.`);
  }
  if (rules.length === 0) throw new InputError(`${file}: the list of rules is empty.`);
  const base: unknown = Reflect.get(value as object, 'base');
  const made = rules.map((rule: unknown, index) => asRule(rule, file, index));
  return typeof base === 'string' ? { base, rules: made } : { rules: made };
}

function asRule(value: unknown, file: string, index: number): Rule {
  if (typeof value !== 'object' || value === null)
    throw new InputError(`${file}: rule ${index + 1} is no object.`);
  if ('check' in value && typeof value.check === 'function') return value as Rule;
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

function readJson(absolute: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(absolute, 'utf8'));
  } catch (error) {
    throw new InputError(`${file}: cannot be read as JSON: ${loadFailure(error)}`);
  }
}

async function readModule(absolute: string, file: string): Promise<unknown> {
  try {
    const value = await loadDefault(absolute, ruleExports);
    // A CommonJS file that was compiled from a default export wraps it once more.
    const inner: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, 'default') : undefined;
    return inner ?? value;
  } catch (error) {
    throw new InputError(`${file}: cannot be loaded: ${loadFailure(error)}`);
  }
}
