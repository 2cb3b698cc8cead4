/** How eager the engine is to optimize while sources are read. */
import { setFlagsFromString } from 'node:v8';

/**
 * Flags by major version of Node.js, where they are known and were measured. A compiler in JavaScript, or our reading of
 * C, runs for seconds, has many functions, and uses few of them long enough to be worth optimizing: a tenth of its CPU time is
 * spent on it. Versions of the engine that are not listed do without.
 */
const FLAGS: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=500000',
  22: '--invocation-count-for-turbofan=12000',
};

/** Makes the engine wait longer before it optimizes a function. It cannot be taken back. */
export function optimizeLate(): void {
  const flags = FLAGS[process.versions.node.split('.')[0] ?? ''];
  if (flags !== undefined) setFlagsFromString(flags);
}
