/** The comparison of two recordings as text for people. */
import { basename } from 'node:path';
import type { Paint } from '#base/paint.ts';
import { printable } from '#base/printable.ts';
import type { Relation } from '#base/relation.ts';
import { placeOfAddress } from '../compare/files.ts';
import type { Compared, CompareOptions, Difference } from '../compare/compared.ts';
import { verdictOf } from '../compare/verdict.ts';
import type { Costs } from '../compare/costs.ts';
import { entryText, historyOf, sourceOf } from '../compare/provenance.ts';
import type { LineWitness } from '../compare/witness.ts';
import type { Recording } from '../recording.ts';
import { tableOf } from './acknowledgement-table.ts';

const WORDS_MAX = 16;
const PLACES_MAX = 8;
const ALIKE_MAX = 8;

/** The report, ending with a newline. */
export function textOfComparison(compared: Compared, options: CompareOptions, paint: Paint): string {
  const { recordings } = compared;
  const lines = [
    `${nameOf(recordings[0])} (before) against ${nameOf(recordings[1])} (after): what may a power failure leave?`,
    summaryOf(compared),
    ...compared.notes.map((note) => `note: ${note}`),
    '',
    ...tableOf(compared, paint),
    ...onlyLines(compared, options),
    ...differentRunsLines(compared),
    ...(compared.difference === undefined || compared.differentRuns !== undefined
      ? []
      : differenceLines(compared, compared.difference)),
    ...whereLines(compared),
    '',
    ...costLines(compared),
    '',
    ...adviceLines(compared, options),
    verdictLine(compared, options, paint),
  ];
  return `${lines.join('\n')}\n`;
}

const nameOf = ({ source }: Recording): string => printable(basename(source).replace(/\.jsonl(\.gz)?$/, ''));

const countOf = (number: number, one: string): string =>
  `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;

function summaryOf({ recordings, files, alignment, region }: Compared): string {
  const [before, after] = recordings;
  const threads = Math.max(before.threadCount, after.threadCount);
  const known = `${countOf(files.length, 'file')} (${files.map(({ path, initial }) => `${printable(path)}, ${initial === 'zeros' ? 'zeros at first' : initial === 'unknown' ? 'first contents not told' : 'initial image as recorded'}`).join('; ')})`;
  const parts = [
    known,
    countOf(threads, 'thread'),
    `${before.eventCount.toLocaleString('en-US')} and ${after.eventCount.toLocaleString('en-US')} events`,
    `${countOf(alignment.pairs.length, 'acknowledgement')} in both (${alignment.kind === 'markers' ? 'markers' : 'system calls'})`,
    ...(region === undefined
      ? []
      : [`compared: ${region.map(({ start, end }) => spanText(start, end, files)).join(', ')}`]),
  ];
  return parts.join(', ');
}

function spanText(start: number, end: number, files: Compared['files']): string {
  const { file, offset } = placeOfAddress(start, files);
  return `${printable(file)} +0x${offset.toString(16)}..+0x${(offset + end - start).toString(16)}`;
}

const list = (labels: readonly string[]): string =>
  labels.length > PLACES_MAX
    ? `${labels.slice(0, PLACES_MAX).join(', ')} and ${labels.length - PLACES_MAX} more`
    : labels.join(', ');

const origin = (entry: number | undefined): string => (entry === undefined ? '   as at first' : '');

const isWeaker = (relation: Relation | undefined): boolean =>
  relation === 'weaker' || relation === 'incomparable';

function onlyLines({ alignment, recordings }: Compared, options: CompareOptions): string[] {
  const { onlyBefore, onlyAfter, pairs } = alignment;
  if (options.anyTime === true || onlyBefore.length + onlyAfter.length === 0) return [];
  return [
    '',
    `${nameOf(recordings[0])} acknowledges ${countOf(pairs.length + onlyBefore.length, 'operation')}, ${nameOf(recordings[1])} ${pairs.length + onlyAfter.length}:`,
    ...(onlyBefore.length > 0 ? [`  only before: ${list(onlyBefore)}`] : []),
    ...(onlyAfter.length > 0 ? [`  only after:  ${list(onlyAfter)}`] : []),
    `  these are compared with nothing${options.common === true ? '' : ' (--common: judge what both have)'}`,
  ];
}

function differentRunsLines({ differentRuns, files }: Compared): string[] {
  if (differentRuns === undefined) return [];
  const { lines, of, moved, address } = differentRuns;
  const { file, offset } = placeOfAddress(address, files);
  return [
    '',
    `These look like recordings of different runs, not of one workload on two builds: to ${lines} of ${countOf(of, 'line')} they stored`,
    'different bytes. A missing write-back or fence changes what may be left of bytes, never the bytes that are stored.',
    `  the first is ${printable(file)} +0x${offset.toString(16)}${moved > 0 ? `; ${moved} hold what the other recording holds at another address (another order of allocation)` : ''}`,
    '  record both with one seed, one mapping address and copies of one file (conform record does; a pool that the program itself',
    '  creates has another uuid each time, so make it once and record on that), or compare what must agree',
    '  with --region FILE:OFFSET:BYTES',
  ];
}

// ---- the difference

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

function differenceLines(compared: Compared, difference: Difference): string[] {
  const { files, recordings } = compared;
  const { label, when, witness, entries } = difference;
  const head =
    when === 'acknowledged'
      ? `First difference: '${label}' has been acknowledged.`
      : when === 'in flight'
        ? `Only in flight: until '${label}' is acknowledged.`
        : 'At some time:';
  const lines = ['', `${head} The smallest image that only ${witness.allowedBy} may leave:`];
  for (const { address, before, after, afterEntry, beforeEntry } of witness.words.slice(0, WORDS_MAX)) {
    const { file, offset } = placeOfAddress(address, files);
    const at = `  ${printable(file)} +0x${offset.toString(16)}`;
    lines.push(
      `${at}  before ${hex(before)}${origin(beforeEntry)}`,
      `${''.padEnd(at.length)}  after  ${hex(after)}${origin(afterEntry)}`,
    );
  }
  if (witness.words.length > WORDS_MAX) lines.push(`  … and ${witness.words.length - WORDS_MAX} more words`);
  lines.push(...alikeLines(witness, compared));
  const [first] = witness.words;
  if (first === undefined) return lines;
  const stored = [first.beforeStored ?? first.beforeEntry, first.afterStored ?? first.afterEntry];
  for (const side of [0, 1] as const) {
    const entry = stored[side];
    const name = (side === 0 ? 'before' : 'after').padEnd(7);
    if (entry === undefined) {
      if (when === 'acknowledged') lines.push(`  ${name} stores nothing there until then`);
      continue;
    }
    for (const [index, step] of historyOf(recordings[side], entry, first.address, entries[side]).entries()) {
      const what = step.what === 'never' ? '' : `${step.what.padEnd(16)}`;
      lines.push(`  ${index === 0 ? name : '       '} ${what}${step.text}`);
    }
  }
  return lines;
}

/** What both images have, or lack, by which only one of them is impossible: words next to each other by one entry together. */
function alikeLines({ alike, allowedBy }: LineWitness, { files, recordings }: Compared): string[] {
  const recording = recordings[allowedBy === 'before' ? 0 : 1];
  const lines: string[] = [];
  for (let from = 0, to = 1; from < alike.length; from = to++) {
    const first = alike[from];
    if (first === undefined) break;
    while (alike[to]?.isLacking === first.isLacking && alike[to]?.address === first.address + (to - from) * 8)
      to++;
    const { file, offset } = placeOfAddress(first.address, files);
    const where = `${printable(file)} +0x${offset.toString(16)} (${(to - from) * 8} bytes)`;
    const what =
      first.entry === undefined
        ? 'what was there'
        : `what was stored by ${entryText(recording, first.entry)}`;
    lines.push(`  while on both sides ${where} ${first.isLacking ? 'lacks' : 'has'} ${what}`);
  }
  return lines.length > ALIKE_MAX
    ? [...lines.slice(0, ALIKE_MAX), `  … and ${lines.length - ALIKE_MAX} more such places`]
    : lines;
}

function whereLines({ where, files, acknowledgements, differentRuns }: Compared): string[] {
  if (where.length === 0 || differentRuns !== undefined) return [];
  const shownSpans = where.slice(0, PLACES_MAX).map(({ start, end }) => spanText(start, end, files));
  const more = where.length > PLACES_MAX ? ` and ${where.length - PLACES_MAX} more` : '';
  return [
    '',
    `Where it differs once acknowledged: ${shownSpans.join(', ')}${more}.`,
    `Without ${where.length === 1 ? 'it' : 'them'} all ${acknowledgements.length} acknowledgements are equal.`,
  ];
}

// ---- costs, advice, verdict

const COST_COLUMNS: readonly (readonly [name: string, value: (costs: Costs) => number])[] = [
  ['movnt bytes', ({ movntBytes }) => movntBytes],
  ['mov bytes', ({ movBytes }) => movBytes],
  ['clwb', ({ clwb }) => clwb],
  ['clflushopt', ({ clflushopt }) => clflushopt],
  ['clflush', ({ clflush }) => clflush],
  ['sfence', ({ sfence }) => sfence],
  ['mfence', ({ mfence }) => mfence],
  ['locked', ({ locked }) => locked],
  ['msync', ({ sync }) => sync],
];

function costLines({ costs, region }: Compared): string[] {
  const columns =
    region === undefined
      ? COST_COLUMNS
      : [...COST_COLUMNS, ['bytes not compared', ({ outsideBytes }: Costs) => outsideBytes] as const];
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(7) +
    cells.map((cell, index) => cell.padStart(Math.max(8, (columns[index]?.[0].length ?? 0) + 2))).join('');
  const cells = (side: Costs): string[] => columns.map(([, value]) => value(side).toLocaleString('en-US'));
  return [
    row(
      '',
      columns.map(([name]) => name),
    ),
    row('before', cells(costs[0])),
    row('after', cells(costs[1])),
  ];
}

function adviceLines(compared: Compared, options: CompareOptions): string[] {
  const { difference, recordings, files, differentRuns } = compared;
  if (differentRuns !== undefined) return [];
  if (difference === undefined) return hintLines(compared);
  const [first] = difference.witness.words;
  const last = difference.witness.words.at(-1);
  if (first === undefined || last === undefined) return [];
  const { file, offset } = placeOfAddress(first.address, files);
  const size = last.address + 8 - first.address;
  const again = [
    'conform compare',
    ...(options.initial ?? []).map((path) => `--initial ${path}`),
    ...(options.regions ?? []).map((region) => `--region ${region}`),
    ...(difference.when === 'any time' ? ['--any-time'] : [`--only '${difference.label}'`]),
    recordings[0].source,
    recordings[1].source,
  ].join(' ');
  const lines: string[] = [];
  if (difference.witness.isOtherData) {
    lines.push(
      'What it is: the two stored different bytes there; a missing write-back or fence does not do that.',
    );
  } else if (difference.when === 'acknowledged' && difference.relation !== 'stronger') {
    const entry = first.afterStored ?? first.afterEntry;
    const source = entry === undefined ? undefined : sourceOf(recordings[1], entry);
    const where = source === undefined ? '' : ` after ${source},`;
    lines.push(
      `What to do: write back and fence ${printable(file)} +0x${offset.toString(16)} (${size} bytes)${where} before '${difference.label}' is acknowledged: before does.`,
    );
  }
  return [...lines, ...hintLines(compared), `Again, this one alone: ${again}`];
}

/** Publishing before persisting is equal at every acknowledgement, and weaker in every flight. */
function hintLines({ acknowledgements, alignment }: Compared): string[] {
  const inFlight = acknowledgements.filter((one) => isWeaker(one.inFlight));
  const weaker = inFlight.filter((one) => one.inFlight === 'weaker');
  if (inFlight.length === 0 || acknowledgements.some((one) => isWeaker(one.acknowledged))) return [];
  const what =
    weaker.length === inFlight.length
      ? `HINT: in flight after is weaker in ${weaker.length} of ${acknowledgements.length} operations: something may be durable before what it relies on (published before persisted?).`
      : `Hint: in flight the two are incomparable in ${inFlight.length - weaker.length} of ${acknowledgements.length} operations, which two copy routines nearly always are.`;
  return [
    what,
    `  Nothing that was acknowledged is lost by it; --in-flight makes it decide${alignment.pairs.length > 0 ? '' : '.'}`,
  ];
}

function verdictLine(compared: Compared, options: CompareOptions, paint: Paint): string {
  const { acknowledgements, anyTime, alignment, differentRuns } = compared;
  if (differentRuns !== undefined) return paint('red', 'not comparable: different runs');
  const { isBad, worst } = verdictOf(compared, options);
  if (anyTime !== undefined)
    return paint(
      isBad ? 'red' : 'green',
      `at any time after is ${anyTime}${anyTime === 'equal' ? ' to before' : ''}`,
    );
  const of = acknowledgements.length;
  const count = (relation: Relation): number =>
    acknowledgements.filter(({ acknowledged }) => acknowledged === relation).length;
  const parts = (['weaker', 'incomparable', 'stronger'] as const).flatMap((relation) =>
    count(relation) > 0
      ? [
          `${count(relation)} of ${countOf(of, 'acknowledgement')} ${count(relation) === 1 ? 'is' : 'are'} ${relation}`,
        ]
      : [],
  );
  const lacking = alignment.onlyBefore.length + alignment.onlyAfter.length;
  if (lacking > 0 && options.common !== true)
    parts.push(`${countOf(lacking, 'acknowledgement')} on one side only`);
  if (parts.length === 0)
    parts.push(of === 1 ? 'the acknowledgement is equal' : `all ${countOf(of, 'acknowledgement')} are equal`);
  const meaning = worst === 'weaker' ? ': after may lose what before cannot' : '';
  return paint(isBad ? 'red' : 'green', `${parts.join(', ')}${meaning}`);
}
