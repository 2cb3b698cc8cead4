/**
 * Two rules that most projects with feature folders want, said in one line each: `publicApi` (nobody reaches past a
 * module's entry) and `siblings` (modules of one kind do not import each other). Both are `boundary` rules underneath.
 */
import * as v from 'valibot';
import { checkOptions, headerEntries } from '../options.ts';
import type { Rule, RuleHeader } from '../rule.ts';
import { boundary, type BoundaryOptions } from './boundary.ts';

export interface PublicApiOptions extends RuleHeader {
  /** Folders of modules, one segment of which is a placeholder: `src/features/<feature>`. */
  readonly modules: string;
  /** Files of a module that others may import, relative to it; `index.*` when left out. */
  readonly entry?: string | readonly string[];
  /** Files that may reach past it. */
  readonly except?: readonly string[];
  /** Whether imports that are erased count; they do unless this is `allow`. */
  readonly types?: 'ban' | 'allow';
}

export interface SiblingsOptions extends RuleHeader {
  /** Folders of modules, one segment of which is a placeholder: `src/features/<feature>`. */
  readonly modules: string;
  /** Files of modules that their siblings may import, relative to the module. */
  readonly entry?: string | readonly string[];
  /** Files that may import siblings. */
  readonly except?: readonly string[];
  /** Whether imports that are erased count; they do unless this is `allow`. */
  readonly types?: 'ban' | 'allow';
}

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
/** What the options of a rule of this kind must be. */
export const modulesSchema = v.strictObject({
  ...headerEntries,
  modules: v.pipe(v.string(), v.regex(/<\w+>/, 'must have a placeholder, such as src/features/<feature>')),
  entry: v.optional(v.union([text, v.pipe(v.array(text), v.nonEmpty('must name at least one'))])),
  except: v.optional(v.array(v.string())),
  types: v.optional(v.picklist(['ban', 'allow'])),
});

/** Nobody outside a module imports more of it than its entry. Throws `InputError` for wrong options. */
export function publicApi(options: PublicApiOptions): Rule {
  checkOptions(modulesSchema, 'publicApi', options);
  const { modules, entry = 'index.*', except = [], types, ...header } = options;
  return made(options, 'publicApi', {
    ...header,
    files: ['**'],
    mustNotImport: [`${modules}/**`, ...entriesOf(modules, entry)],
    except: [`${modules}/**`, ...except],
    ...(types === undefined ? {} : { types }),
  });
}

/** Modules of one kind do not import each other. Throws `InputError` for wrong options. */
export function siblings(options: SiblingsOptions): Rule {
  checkOptions(modulesSchema, 'siblings', options);
  const { modules, entry, except = [], types, ...header } = options;
  const last = modules.lastIndexOf('<');
  const other = `${modules.slice(0, last)}!${modules.slice(last)}`;
  return made(options, 'siblings', {
    ...header,
    files: [`${modules}/**`],
    mustNotImport: [`${other}/**`, ...(entry === undefined ? [] : entriesOf(other, entry))],
    except,
    ...(types === undefined ? {} : { types }),
  });
}

function entriesOf(modules: string, entry: string | readonly string[]): readonly string[] {
  return (typeof entry === 'string' ? [entry] : entry).map((name) => `!${modules}/${name}`);
}

/** The rule keeps what it was made from, so that it can be told from others made of the same options. */
function made(options: object, kind: string, boundaryOptions: BoundaryOptions): Rule {
  const { check } = boundary(boundaryOptions);
  return { ...(options as RuleHeader), kind, check };
}
