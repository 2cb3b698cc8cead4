/**
 * Which package an import names, and the selectors rules name packages with: `lodash` is the package with all its
 * subpaths, `lodash/fp` that subpath, `@scope/*` and other globs are over names, `node:*` is every builtin module
 * whichever way it is written, and a leading `!` takes out.
 */
import { isBuiltin } from 'node:module';
import { matcherOf } from '#base/globs.ts';

/** The package of a bare specifier: `@scope/name` or the first segment; `@types/x` stands for `x`. */
export function packageOf(specifier: string): string {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const typed = /^@types\/(.+)$/.exec(name)?.[1];
  return typed === undefined ? name : typed.replace(/^(.+)__(.+)$/, '@$1/$2');
}

/** Where the types of a package without its own are looked for: `@types/x`, `@types/scope__x/sub`. */
export function typesNameOf(specifier: string): string {
  return `@types/${specifier.replace(/^@([^/]+)\//, '$1__')}`;
}

/** Whether a specifier names a module by itself rather than a file or an entry of `imports`. */
export function isBare(specifier: string): boolean {
  return specifier !== '' && !/^(?:\.{1,2}(?:\/|$)|\/|#)/.test(specifier);
}

/** Whether a name is one a package can have: what bundlers invent (`virtual:x`) is none. */
export function isPackageName(name: string): boolean {
  return /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name);
}

/** The one spelling of a module name: builtins with `node:`, types packages as what they describe. */
export function canonicalName(specifier: string): string {
  if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, '')}`;
  return isBare(specifier) ? packageOf(specifier) + specifier.slice(lengthOfName(specifier)) : specifier;
}

function lengthOfName(specifier: string): number {
  const cut = specifier.indexOf('/', specifier.startsWith('@') ? specifier.indexOf('/') + 1 : 0);
  return cut < 0 ? specifier.length : cut;
}

/** A filter over specifiers made of selectors; an empty list means no package. */
export function packageFilter(selectors: readonly string[]): (specifier: string) => boolean {
  const wanted = selectors.filter((selector) => !selector.startsWith('!')).map(selectorOf);
  const unwanted = selectors
    .filter((selector) => selector.startsWith('!'))
    .map((selector) => selectorOf(selector.slice(1)));
  return (specifier) => {
    const name = canonicalName(specifier);
    const isWanted = wanted.length === 0 ? unwanted.length > 0 : wanted.some((means) => means(name));
    return isWanted && !unwanted.some((means) => means(name));
  };
}

function selectorOf(selector: string): (name: string) => boolean {
  if (!/[*?{[(]/.test(selector)) {
    const name = canonicalName(selector);
    return (given) => given === name || given.startsWith(`${name}/`);
  }
  // A glob names packages by their whole name, or subpaths when it reaches into one.
  if (selector === 'node:*') return (given) => given.startsWith('node:');
  const means = matcherOf([selector], { dot: true });
  return (given) => means(given) || (!given.startsWith('node:') && means(packageOf(given)));
}
