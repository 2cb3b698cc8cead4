/**
 * How much is tried. `npm test` tries a share of what costs most; `npm run test:exhaustive` and CI run the files that import this
 * one again, with everything.
 */
export const isThorough: boolean = process.env['THOROUGH'] === '1';

/** How many random cases: a tenth of `count` or all. */
export const runs = (count: number): number => (isThorough ? count : Math.ceil(count / 10));

/** Every `nth` of the cases, or all. */
export const share = <T>(cases: readonly T[], nth: number): readonly T[] =>
  isThorough ? cases : cases.filter((_, index) => index % nth === 0);
