/**
 * Loads a configuration that is a module: as it is, and where that fails bundled with what it imports, so that neither this package
 * needs to be installed beside it nor a package.json to say that TypeScript is a module.
 */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '#base/input-error.ts';

/** What `pmem-conform/config` stands for. */
const OWN = join(import.meta.dirname, '../engine/define-project.mjs');

/** The default export of a module. Throws `InputError` with the reason where it cannot be loaded. */
export async function loadConfiguration(path: string): Promise<unknown> {
  try {
    const { default: data } = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return moduleDefault(data);
  } catch {
    // Bundling says better what is wrong.
  }
  try {
    return moduleDefault(await bundledDefault(path));
  } catch (error) {
    const { loadFailure } = await import('#checks/load-module.ts');
    throw new InputError(`${path} cannot be loaded: ${loadFailure(error)}`);
  }
}

async function bundledDefault(path: string): Promise<unknown> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    alias: { 'pmem-conform/config': OWN },
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(path).href),
      'import.meta.dirname': JSON.stringify(dirname(path)),
      'import.meta.filename': JSON.stringify(path),
      __dirname: JSON.stringify(dirname(path)),
      __filename: JSON.stringify(path),
    },
  });
  const text = Buffer.from(outputFiles[0]?.text ?? '').toString('base64');
  const module = (await import(/* @vite-ignore */ `data:text/javascript;base64,${text}`)) as object;
  return Reflect.get(module, 'default');
}

/** The default export, also where it is wrapped as that of a CommonJS module. */
function moduleDefault(data: unknown): unknown {
  return typeof data === 'object' && data !== null && '__esModule' in data && 'default' in data
    ? data.default
    : data;
}
