/** The style and the script of the book, from their sources: small, and read when a book is made. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ownAsset, packageFolder } from '#base/own-package.ts';
import { onceEach } from '#base/once.ts';

/** The style. */
export function bookStyle(): string {
  return ownAsset('book.css', () => built('style.css', false));
}

/** The script; a served book also listens for news. */
export function bookScript(isServed: boolean): string {
  return ownAsset(isServed ? 'book-served.js' : 'book.js', () => built('client/main.ts', isServed));
}

function built(file: string, isServed: boolean): string {
  return builtOnce(JSON.stringify([file, isServed]));
}

const builtOnce = onceEach((key: string): string => {
  const [file, isServed] = JSON.parse(key) as [string, boolean];
  const { outputFiles } = buildSync({
    entryPoints: [join(packageFolder, 'review', 'book', file)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    charset: 'utf8',
    define: { IS_SERVED: String(isServed) },
    logLevel: 'silent',
  });
  return outputFiles[0]?.text.trim() ?? '';
});
