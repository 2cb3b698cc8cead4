/** The style and the script of pages with timelines. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ownAsset, packageFolder } from '#base/own-package.ts';
import { once } from '#base/once.ts';

export interface TimelineAssets {
  /** CSS; every selector begins with `.tl` or is one of it. */
  readonly style: string;
  /** A classic script for the end of the body. */
  readonly script: string;
}

/** What a page needs once, however many timelines it has. The script is made from the code that draws on the server. */
export const timelineAssets: () => TimelineAssets = once(() => ({
  style: ownAsset('timeline.css', () => built('style.css')),
  script: ownAsset('timeline.js', () => built('client.ts')),
}));

const FOLDER = join(packageFolder, 'review', 'timeline');

function built(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(FOLDER, file)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    platform: 'browser',
    legalComments: 'none',
  });
  return outputFiles[0]?.text.trim() ?? '';
}
