/** The table of acknowledgements: how each compares, how many images it leaves and what it cost. */
import type { Paint } from '#base/paint.ts';
import type { Relation } from '#base/relation.ts';
import type { Compared, ComparedAcknowledgement } from '../compare/compared.ts';
import type { Costs } from '../compare/costs.ts';
import { totalCosts } from '../compare/verdict.ts';

/** Rows that are printed at most. */
const ROWS_MAX = 40;

interface Row {
  readonly label: string;
  readonly rows: readonly ComparedAcknowledgement[];
}

export function tableOf(compared: Compared, paint: Paint): string[] {
  if (compared.anyTime !== undefined) return [`at any time: ${shown(compared.anyTime, paint, 0)}`];
  const rows = rowsOf(compared.acknowledgements);
  const width = Math.max(20, ...rows.map(({ label }) => label.length + 2));
  const head = `${''.padEnd(width)}${'acknowledged'.padEnd(15)}${'in flight'.padEnd(15)}${'images acknowledged'.padEnd(22)}movnt/mov/write-backs/fences`;
  const body = rows.slice(0, ROWS_MAX).map(({ label, rows: all }) => {
    const [first] = all;
    if (first === undefined) return '';
    return (
      label.padEnd(width) +
      shown(first.acknowledged, paint, 15) +
      shown(first.inFlight, paint, 15) +
      imagesText(all).padEnd(20) +
      '  ' +
      costText(all)
    ).trimEnd();
  });
  if (rows.length > ROWS_MAX) body.push(`… and ${rows.length - ROWS_MAX} more rows (--format json has all)`);
  return [head, ...body];
}

function shown(relation: Relation | undefined, paint: Paint, width: number): string {
  const text = (relation ?? '-').padEnd(width);
  if (relation === 'weaker' || relation === 'incomparable') return paint('red', text);
  return relation === 'stronger' ? paint('green', text) : text;
}

/** Acknowledgements one after another that compare alike and have one name are one row. */
function rowsOf(acknowledgements: readonly ComparedAcknowledgement[]): Row[] {
  const rows: { label: string; rows: ComparedAcknowledgement[] }[] = [];
  for (const one of acknowledgements) {
    const last = rows[rows.length - 1];
    const previous = last?.rows[0];
    const isAlike =
      previous !== undefined &&
      stem(previous.label) === stem(one.label) &&
      previous.acknowledged === one.acknowledged &&
      previous.inFlight === one.inFlight;
    if (last === undefined || !isAlike) rows.push({ label: one.label, rows: [one] });
    else {
      last.rows.push(one);
      last.label = `${last.rows[0]?.label ?? ''}-${one.label.slice(stem(one.label).length)}`;
    }
  }
  return rows;
}

const stem = (label: string): string => label.replace(/\(?\d+\)?$/, '');

function imagesText(rows: readonly ComparedAcknowledgement[]): string {
  const range = (side: 0 | 1): string => {
    const all = rows.map(({ imagesLog2 }) => imagesLog2[side]);
    const [low, high] = [Math.min(...all).toFixed(1), Math.max(...all).toFixed(1)];
    return low === high ? `2^${low}` : `2^${low}-${high}`;
  };
  const [before, after] = [range(0), range(1)];
  return before === after ? (before === '2^0.0' ? '1' : before) : `${before} -> ${after}`;
}

const costsText = (costs: Costs | undefined): string =>
  costs === undefined
    ? ''
    : `${costs.movnt}/${costs.mov + costs.locked}/${costs.clwb + costs.clflushopt + costs.clflush}/${costs.sfence + costs.mfence}`;

function costText(rows: readonly ComparedAcknowledgement[]): string {
  const [before, after] = [costsText(totalCosts(rows, 0)), costsText(totalCosts(rows, 1))];
  return before === after ? before : `${before} -> ${after}`;
}
