/** What a step changes in exports and callers, as text. Of long signatures only the members that differ are shown. */
import type { Paint } from '#base/paint.ts';
import type { ApiDelta, CallerMoved } from './model.ts';
import { signatureChange } from './signature-change.ts';

/** The API delta, a line an export. */
export function apiLines({ added, removed, moved, changed }: ApiDelta, paint: Paint): string[] {
  const lines = [
    ...added.map(({ symbol, signature }) => `${paint('green', `  + ${symbol}`)}  ${signature}`),
    ...removed.map(({ symbol, signature }) => `${paint('red', `  - ${symbol}`)}  ${paint('dim', signature)}`),
    ...moved.map(({ from, to }) => `  > ${from} -> ${to}`),
    ...changed.flatMap(({ symbol, before, after }) => {
      const change = signatureChange(before, after);
      return [
        paint('yellow', `  ~ ${symbol}`),
        ...change.removed.map((text) => paint('red', `      - ${text}`)),
        ...change.added.map((text) => paint('green', `      + ${text}`)),
      ];
    }),
  ];
  return lines.length === 0 ? ['  no export changes'] : lines;
}

/** Callers that call something else, old and new callee under each caller. */
export function callerLines(callers: readonly CallerMoved[], paint: Paint): string[] {
  if (callers.length === 0) return ['  no function calls anything else'];
  const lines: string[] = [];
  let last = '';
  for (const { place, caller, from, to } of callers) {
    if (caller !== last) lines.push(`  ${nameOf(caller)} ${paint('dim', `in ${fileOf(caller)}`)}`);
    last = caller;
    const change =
      from === ''
        ? `also calls ${paint('green', to)}`
        : to === ''
          ? `no longer calls ${paint('red', from)}`
          : `${paint('red', from)} -> ${paint('green', to)}`;
    lines.push(`      ${place}  ${change}`);
  }
  return lines;
}

const nameOf = (symbol: string): string => symbol.slice(symbol.indexOf('#') + 1);
const fileOf = (symbol: string): string => symbol.slice(0, symbol.indexOf('#'));
