/** Fields of records of a pmemcheck log. What cannot be read gives a text that says what was expected. */
import { hexOf, type Mapping } from './pmemcheck-files.ts';
import { excerpt } from './pmemcheck-text.ts';

export interface Range {
  readonly address: number;
  readonly size: number;
}

/** The range of `FLUSH;address;size`, numbers hexadecimal. */
export function rangeOf(text: string): Range | string {
  const [, address = '', size = ''] =
    /^\w+;(?:0x)?([0-9a-f]{1,16});(?:0x)?([0-9a-f]{1,12})$/i.exec(text) ?? [];
  if (address === '')
    return `expected ${/^\w+/.exec(text)?.[0] ?? ''};address;size, found '${excerpt(text)}'`;
  return { address: Number.parseInt(address, 16), size: Number.parseInt(size, 16) };
}

/** The mapping of `REGISTER_FILE;path;base;size;offset`; the path may have semicolons. */
export function registeredFile(text: string): Mapping | string {
  const fields = text.split(';');
  const numbers = fields
    .slice(-3)
    .map((field) => (/^(0x)?[0-9a-f]{1,16}$/i.test(field) ? Number.parseInt(field, 16) : Number.NaN));
  const [address = Number.NaN, sizeBytes = Number.NaN, offsetBytes = Number.NaN] = numbers;
  if (fields.length < 5 || !numbers.every(Number.isSafeInteger))
    return `expected REGISTER_FILE;path;base;size;offset, found '${excerpt(text)}'`;
  if (address % 4096 !== 0 || sizeBytes === 0)
    return `expected a mapping that starts at a page and is not empty, found ${sizeBytes} bytes at ${hexOf(address)}`;
  return { path: fields.slice(1, -3).join(';'), address, sizeBytes, offsetBytes };
}

/** The first stack frame after `STORE;address;value;size`. */
export function innermostFrame(text: string): string | undefined {
  let start = -1;
  for (let field = 0; field < 4; field++) {
    start = text.indexOf(';', start + 1);
    if (start < 0) return undefined;
  }
  const end = text.indexOf(';', start + 1);
  return text.slice(start + 1, end < 0 ? undefined : end);
}
