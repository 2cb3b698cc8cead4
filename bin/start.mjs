// What the program runs from: `dist/` in the package; in a clone its sources, compiled where they changed (scripts/compiled.mjs), or by tsx
// as they are loaded where nothing can be kept.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** A clone has tests, the package has not; what somebody built in a clone may be old. */
const isPackage =
  !existsSync(fileURLToPath(new URL('test', root))) &&
  existsSync(fileURLToPath(new URL('dist/cli-process.js', root)));

/** Whether this is no package. */
export const isClone = !isPackage;

/** Imports one of our modules, by the path of its source: `cli/main.ts`. */
export async function load(source) {
  return import((await urlOf(source)).href);
}

async function urlOf(source) {
  if (isPackage) return new URL(`dist/${source.replace(/\.m?[jt]s$/, '').replaceAll('/', '-')}.js`, root);
  if (source.endsWith('.mjs')) return new URL(source, root);
  const { compiledFolder } = await import('../scripts/compiled.mjs');
  const compiled = await compiledFolder();
  if (compiled !== undefined) return new URL(source.replace(/\.ts$/, '.js'), compiled);
  const { register } = await import('tsx/esm/api');
  register();
  return new URL(source, root);
}
