/** When the engine of JavaScript compiles what runs often. */
import { setFlagsFromString } from 'node:v8';

/**
 * From here on a function runs for longer before it is compiled. For work on many trees: they have the same code in copies, most of
 * which run for a moment only, and compiling each of them as soon as usual takes longer than it saves.
 */
export function compileLater(): void {
  setFlagsFromString('--interrupt-budget=600000');
}
