/**
 * How the values of a scenario file are written: results, instructions, data read, losses, costs, relations, and the
 * names of trees before them. Reading one gives the text that `mismatchesOf` compares, or says what is allowed.
 */
import type { Relation } from '#base/relation.ts';
import { errnoName } from '#kernel/errno.ts';
import { type Line, wordError } from '../../language/lines.ts';
import { parseSize } from '../../language/sizes.ts';
import type { ExpectedThing } from '../scenario.ts';
import type { Piece } from './lines.ts';

/** What an empty list is called. */
export const NOTHING = 'nothing';

/** A result and the tree it is of; without a tree, of all. */
export interface ResultOf {
  readonly tree?: string;
  readonly value: string;
}

/** Names of trees; what could be a result is none. */
const TREE = String.raw`(?!-|\d+[,:]|oops:)[^\s,:"]+`;
const LABEL = new RegExp(String.raw`(?:^|,\s+)(${TREE}(?:,\s+${TREE})*):\s`, 'g');

/** Reads `RESULT`, or `TREE: RESULT, TREE: RESULT`. An `oops: …` goes on to the end. */
export function readResults(line: Line, { text, column }: Piece): ResultOf[] {
  if (!text.includes(': ')) return [{ value: readResult(line, { text, column }) }];
  const isText = /"(?:[^"\\]|\\.)*"?/g;
  const masked = text.replace(isText, (quoted) => '"'.repeat(quoted.length)).replace(/oops: .*$/, blankOut);
  const labels = [...masked.matchAll(LABEL)];
  if (labels.length === 0) return [{ value: readResult(line, { text, column }) }];
  if (labels[0]?.index !== 0) throw wordError(line, { text, column }, `'${text}' is no result`, RESULTS);
  return labels.flatMap((label, position) => {
    const from = label.index + label[0].length;
    const value = text.slice(from, labels[position + 1]?.index ?? text.length).trim();
    const result = readResult(line, { text: value, column: column + from });
    return (label[1] ?? '').split(/,\s+/).map((tree) => ({ tree, value: result }));
  });
}

const blankOut = (text: string): string => 'oops:'.padEnd(text.length, '"');

const RESULTS =
  'a number such as 4096 or 4K, an error such as -EIO or -5, a text in quotes as an attribute gives it, oops: TEXT; for single trees: before: RESULT, after: RESULT';

/** The names of all errors the kernel model knows. */
const ERRORS: ReadonlySet<string> = new Set(
  Array.from({ length: 200 }, (_, number) => errnoName(-number)).filter((name) => name.startsWith('-E')),
);

/** A result as `describeResult` puts it. */
function readResult(line: Line, piece: Piece): string {
  const { text } = piece;
  const size = parseSize(text);
  if (size !== undefined) return String(size);
  if (/^-[1-9]\d*$/.test(text)) return errnoName(Number(text));
  if (/^oops: \S/.test(text) || isQuoted(text)) return text;
  const [error = '', ...more] = text.split(' ');
  if (ERRORS.has(error) && (more.length === 0 || isQuoted(more.join(' ')))) return text;
  throw wordError(line, piece, `'${text}' is no result`, RESULTS);
}

/** Whether `text` is a string as JSON has it. */
function isQuoted(text: string): boolean {
  if (!text.startsWith('"')) return false;
  try {
    return typeof JSON.parse(text) === 'string';
  } catch {
    return false;
  }
}

const ONE_TREE = new RegExp(`^${TREE}$`);
const PAIR = new RegExp(`^(${TREE})\\s*->\\s*(${TREE})$`);

/** Reads the names of trees between a word and its colon; none: all trees. */
export function readTrees(line: Line, piece: Piece): { readonly tree?: string }[] {
  if (piece.text === '') return [{}];
  return piece.text.split(',').map((part) => {
    const tree = part.trim();
    if (ONE_TREE.test(tree)) return { tree };
    throw wordError(line, piece, `'${piece.text}' are no names of trees`, 'before, after, step-3, …');
  });
}

const PLACES = String.raw`[\w.-]+:\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*`;
const EVENT = String.raw`(?:[\w.-]+@)?(?:[SM](?:\*\d+)?|[ncWOXLF]\d+(?::\d+)?(?:\*\d+)?|H[\w.-]+)`;
const DATA = String.raw`\d+ (?:zero|stored)`;

/** How the value of each word must look, and that in words. */
const FORMS: Readonly<Record<Exclude<ExpectedThing, 'result'>, readonly [RegExp, string]>> = {
  lost: [new RegExp(`^(?:none|${PLACES}(?: ${PLACES})*)$`), 'none, or places such as pmem0:0-7,64 pmem1:8'],
  cost: [/^\d+\/\d+\/\d+$/, 'movnti/write-backs/sfence, such as 511/2/4'],
  does: [
    new RegExp(`^(?:${NOTHING}|${EVENT}(?: ${EVENT})*)$`),
    `instructions as \`replay --trace\` prints them, such as c0:1 S W0, or ${NOTHING}`,
  ],
  reads: [new RegExp(`^(?:${NOTHING}|${DATA}(?:, ${DATA})*)$`), `512 zero, 3584 stored or ${NOTHING}`],
  log: [/^\S/, `a line of the kernel log, or ${NOTHING}`],
};

/** Reads the value of an expectation; `nothing` becomes the empty text. */
export function readValue(line: Line, about: Exclude<ExpectedThing, 'result'>, piece: Piece): string {
  const [form, allowed] = FORMS[about];
  const text = about === 'log' ? piece.text : piece.text.replace(/\s+/g, ' ');
  if (!form.test(text))
    throw wordError(line, piece, text === '' ? 'no value' : `'${text}' after '${about}:'`, allowed);
  return text === NOTHING ? '' : text;
}

const RELATIONS = 'equal, stronger, weaker or incomparable';

/** Reads `RELATION`, which both relations are, or `acknowledged RELATION, synced RELATION` (either may be missing). */
export function readRelations(line: Line, piece: Piece): { acked?: Relation; synced?: Relation } {
  const found: { acked?: Relation; synced?: Relation } = {};
  for (const part of piece.text.split(/,\s*/)) {
    const [, which, relation] =
      /^(?:(acknowledged|synced) )?(equal|stronger|weaker|incomparable)$/.exec(part) ?? [];
    const isSecond =
      (which !== 'synced' && found.acked !== undefined) ||
      (which !== 'acknowledged' && found.synced !== undefined);
    if (relation === undefined || isSecond) {
      const allowed = `${RELATIONS}; or acknowledged RELATION, synced RELATION`;
      throw wordError(line, piece, `'${piece.text}' says no relations`, allowed);
    }
    if (which !== 'synced') found.acked = relation as Relation;
    if (which !== 'acknowledged') found.synced = relation as Relation;
  }
  return found;
}

/** Reads `TREE -> TREE`. */
export function readPair(line: Line, piece: Piece): { before: string; after: string } {
  const [, before, after] = PAIR.exec(piece.text) ?? [];
  if (before !== undefined && after !== undefined) return { before, after };
  throw wordError(line, piece, `'${piece.text}' are not two trees`, 'images before -> after: …');
}
