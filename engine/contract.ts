/**
 * The contract of a step: what it is allowed to change, in a file next to its patch, written from the facts and never from
 * what the tool printed. A step without declared differences is pure: it must behave as its predecessor does.
 */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { InputError } from '#base/input-error.ts';
import { readYaml, type YamlFile } from '#base/yaml-file.ts';
import { RELATIONS, type Relation, type Subject, type Traits } from './subject.ts';

/** Kinds of steps. */
export const STEP_CLASSES = ['add', 'convert', 'move', 'remove', 'fix', 'behaviour', 'pure'] as const;

/** Marks a contract that was drafted from what was observed: it fails until a person has read it and taken the line out. */
export const DRAFT_MARK = '# observed, not yet confirmed';

/** One or several words. */
const wordsSchema = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((given) => (typeof given === 'string' ? [given] : given)),
);

/** A difference as it is written down. */
export const differenceSchema = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(/^D\d*-[a-z0-9-]+$/, "an id is D, the step, and words: 'D3-edges-per-segment'"),
  ),
  /** `DIMENSION RELATION`, or only a dimension for one that has no order. */
  shows: wordsSchema,
  /** Where it shows: every named property of an operation to blame must be one of the values given. */
  when: v.optional(v.record(v.string(), wordsSchema), {}),
  /** Why the series means it, with its source. */
  because: v.pipe(v.string(), v.minLength(10, 'a reason in words'), v.trim()),
});

const symbolSchema = v.pipe(
  v.string(),
  v.regex(/^[^#]+\.(?:ts|[chS])#\w+$/, 'a symbol is FILE.ts#name or FILE.c#name, relative to the tree'),
);
const symbolsSchema = v.optional(v.array(symbolSchema), []);

/** What a contract says of a step, however the step is named. */
export const contractEntries = {
  class: v.picklist(STEP_CLASSES),
  /** What the step is for, in a sentence or two. */
  summary: v.pipe(v.string(), v.trim()),
  /** What became of it upstream: commits, and how this version differs from what was merged. */
  upstream: v.optional(
    v.strictObject({
      commits: v.optional(v.array(v.string()), []),
      differs: v.optional(v.pipe(v.string(), v.trim()), ''),
    }),
    {},
  ),
  api: v.optional(
    v.strictObject({
      added: symbolsSchema,
      removed: symbolsSchema,
      moved: v.optional(v.array(v.strictObject({ from: symbolSchema, to: symbolSchema })), []),
      changed: symbolsSchema,
    }),
    {},
  ),
  /** Callers that call something else from here on. */
  callers: v.optional(
    v.array(v.strictObject({ from: symbolSchema, to: symbolSchema, in: v.array(symbolSchema) })),
    [],
  ),
  /**
   * Of the symbols whose callers the rules of the series count, by name: those that nobody calls from this step on, and
   * those that this one step may call more often than the step before.
   */
  noCallersFromHere: v.optional(v.array(v.string()), []),
  mayGainCallers: v.optional(v.array(v.string()), []),
  differences: v.optional(v.array(differenceSchema), []),
  /** Rules of the linter that come into force. */
  rules: v.optional(v.array(v.string()), []),
};

const contractSchema = v.strictObject({
  step: v.pipe(v.number(), v.integer(), v.minValue(1)),
  ...contractEntries,
});

/** One dimension and relation that a declaration allows. */
export interface ShownBy {
  readonly dimension: string;
  readonly relation: Relation;
}

/** A declared difference. */
export interface Declaration {
  readonly id: string;
  readonly shows: readonly ShownBy[];
  readonly when: Traits;
  readonly because: string;
}

export interface Contract extends Omit<v.InferOutput<typeof contractSchema>, 'differences'> {
  readonly differences: readonly Declaration[];
  /** Where it was read from; absent for a step that has none of its own. */
  readonly file?: string;
  /** It was drafted from what was observed, and nobody has confirmed it yet. */
  readonly isDraft?: boolean;
}

/** Of a step that has none of its own: nothing may differ. */
export const PURE_CONTRACT: Omit<Contract, 'step'> = {
  class: 'pure',
  summary: '',
  upstream: { commits: [], differs: '' },
  api: { added: [], removed: [], moved: [], changed: [] },
  callers: [],
  noCallersFromHere: [],
  mayGainCallers: [],
  differences: [],
  rules: [],
};

/** What conditions and dimensions of a contract are checked against. */
export type Language = Pick<Subject, 'dimensions' | 'vocabulary'>;

/** Parses a contract. Throws `InputError` that names file, line, word and what is allowed. */
export function parseContract(text: string, fileName: string, language: Language): Contract {
  const file = readYaml(text, fileName);
  const contract = file.check(contractSchema);
  return { ...contract, differences: declarationsOf(file, contract.differences, contract.step, language) };
}

/**
 * The declarations in `differences` of a file, those of step `step` where steps have numbers that stay. Throws `InputError` as
 * above.
 */
export function declarationsOf(
  file: YamlFile,
  differences: readonly v.InferOutput<typeof differenceSchema>[],
  step: number | undefined,
  language: Language,
): Declaration[] {
  return differences.map((difference, index): Declaration => {
    if (step !== undefined && !difference.id.startsWith(`D${step}-`))
      throw file.error(['differences', index, 'id'], `'${difference.id}' in step ${step}`, `D${step}-…`);
    const first = differences.findIndex(({ id }) => id === difference.id);
    if (first !== index)
      throw file.error(['differences', index, 'id'], `'${difference.id}' a second time`, 'every id once');
    checkConditions(file, index, difference.when, language);
    return {
      ...difference,
      shows: difference.shows.map((shown) => parseShown(file, index, shown, language)),
    };
  });
}

function parseShown(file: YamlFile, index: number, text: string, { dimensions }: Language): ShownBy {
  const [dimension = '', relation = 'other', ...more] = text.split(' ');
  const names = dimensions.map(({ name }) => name);
  const found = RELATIONS.find((one) => one === relation);
  const place = ['differences', index, 'shows'];
  if (!names.includes(dimension)) throw file.error(place, `'${dimension}' is no dimension`, names.join(', '));
  if (found === undefined || more.length > 0)
    throw file.error(
      place,
      `'${text}' is no dimension with a relation`,
      `${dimension} ${RELATIONS.join('|')}`,
    );
  return { dimension, relation: found };
}

function checkConditions(file: YamlFile, index: number, when: Traits, { vocabulary }: Language): void {
  for (const [word, values] of Object.entries(when)) {
    const place = ['differences', index, 'when', word];
    const allowed = vocabulary[word];
    if (allowed === undefined)
      throw file.error(place, `'${word}' is no word of a condition`, Object.keys(vocabulary).join(', '));
    if (values.length === 0) throw file.error(place, `no value for '${word}'`, 'one or several values');
    if (allowed === 'text') continue;
    const wrong = values.find((value) => !allowed.includes(value));
    if (wrong !== undefined)
      throw file.error(place, `'${wrong}' is no value of '${word}'`, allowed.join(', '));
  }
}

/** Reads the contract in `path`; of step `step`. Throws `InputError` when it is missing or that of another step. */
export function readContract(path: string, step: number, language: Language): Contract {
  if (!existsSync(path)) throw new InputError(`${path} is missing: every patch has a contract next to it`);
  const contract = parseContract(readFileSync(path, 'utf8'), path, language);
  if (contract.step !== step)
    throw new InputError(`${path}: step: ${contract.step} in the contract of step ${step}`);
  return contract;
}
