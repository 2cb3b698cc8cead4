/** Numbers of bytes as workloads write them: digits or `0x…`, then K, M, G or T. */

/** What a number may look like, for complaints. */
export const NUMBERS_ALLOWED = 'a number of bytes: digits or 0x…, then K, M, G or T if wanted';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** The larger units, largest first. */
const LARGE_UNITS = Object.entries(UNITS).slice(1).reverse();

const NUMBER = /^(\d+|0x[0-9a-f]+)([KMGT]?)$/i;

/** `4K` is 4096, `0x1f` is 31; `undefined` for what is not a number of bytes, or not below 2^53. */
export function parseSize(text: string): number | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? 1);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Whether a text is a number of bytes, however large. */
export const isSize = (text: string): boolean => NUMBER.test(text);

/** The shortest text for a number of bytes: 4096 is `4K`, 4097 is `4097`. */
export function formatSize(value: number): string {
  if (value % 1024 !== 0 || value === 0) return String(value);
  const [unit, size] = LARGE_UNITS.find(([, bytes]) => value >= bytes && value % bytes === 0) ?? ['', 1];
  return `${value / size}${unit}`;
}

export const sumOf = (lengths: readonly number[]): number =>
  lengths.reduce((total, length) => total + length, 0);
