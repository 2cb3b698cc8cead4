/** The style and the script of pages with timelines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { once } from '#base/once.ts';

export interface TimelineAssets {
  /** CSS; every selector begins with `.tl` or is one of it. */
  readonly style: string;
  /** A classic script for the end of the body. */
  readonly script: string;
}

/** What a page needs once, however many timelines it has. The script is made from the code that draws on the server. */
export const timelineAssets: () => TimelineAssets = once(() => {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'client.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
  });
  return {
    style: readFileSync(join(import.meta.dirname, 'style.css'), 'utf8'),
    script: outputFiles[0]?.text.trim() ?? '',
  };
});
