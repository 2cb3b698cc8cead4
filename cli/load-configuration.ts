/** Loads a configuration that is a module; this package need not be installed beside it. */
import { InputError } from '#base/input-error.ts';
import { readText } from '#base/read-text.ts';
import { loadDefault, loadFailure, type Offered } from '#base/load-module.ts';
import { defineProject } from '../engine/define-project.mjs';

/** What a configuration may import. */
const OFFERED: Offered = {
  specifier: 'pmem-conform/config',
  exports: { defineProject },
  makers: [],
  passes: ['defineProject'],
  words: ['configuration', 'its settings'],
};

/** The default export of a module. Throws `InputError` with the reason where it cannot be loaded. */
export async function loadConfiguration(path: string): Promise<unknown> {
  try {
    // What is no text is no module.
    readText(path);
    const { value } = await loadDefault(path, OFFERED);
    return moduleDefault(value);
  } catch (error) {
    throw new InputError(`${path} cannot be loaded: ${loadFailure(error)}`);
  }
}

/** The default export, also where it is wrapped as that of a CommonJS module. */
function moduleDefault(data: unknown): unknown {
  return typeof data === 'object' && data !== null && '__esModule' in data && 'default' in data
    ? data.default
    : data;
}
