// What the program runs from: `dist/` in the package, the sources in a clone, which tsx compiles as they are loaded.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** A clone has tests, the package has not; what somebody built in a clone may be old. */
const isPackage =
  !existsSync(fileURLToPath(new URL('test', root))) &&
  existsSync(fileURLToPath(new URL('dist/cli-process.js', root)));

/** Whether sources run, which need tsx. */
export const isClone = !isPackage;

/** URL of a module by the path of its source: `cli/main.ts`. */
export function urlOf(source) {
  const built = `dist/${source.replace(/\.m?[jt]s$/, '').replaceAll('/', '-')}.js`;
  return new URL(isPackage ? built : source, root).href;
}

/** Lets this thread load TypeScript, where that is needed. */
export async function prepare() {
  if (!isClone) return;
  const { register } = await import('tsx/esm/api');
  register();
}
