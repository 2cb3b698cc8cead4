/** The style and the script of the book, from their sources: small, and read when a book is made. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ownAsset, packageFolder } from '#base/own-package.ts';
import { onceEach } from '#base/once.ts';

/** The style. */
export function bookStyle(): string {
  return ownAsset('book.css', () => built('style.css'));
}

/** The script. */
export function bookScript(): string {
  return ownAsset('book.js', () => built('client/main.ts'));
}

const built = onceEach((file: string): string => {
  const { outputFiles } = buildSync({
    entryPoints: [join(packageFolder, 'review', 'book', file)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    charset: 'utf8',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text.trim() ?? '';
});
