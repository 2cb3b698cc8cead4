/**
 * Whether constant enums may be behind an import: what else is used as a value is one, and needs no compiler to be
 * known as such. Of packages the declarations are read that the entry names, as far as they are files beside it.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Compiler } from './compiler.ts';
import type { ModuleEdge } from './modules.ts';

const CONST_ENUM = /\bconst\s+enum\b/;
/** A module that a file of the project declares. */
const DECLARED = /\bmodule\s*["']/;
const NEAR = /\bfrom\s*(["'])(\.{1,2}\/[^"'\n]*)\1/g;
/** How many declaration files of one package are read before it is said that nobody knows. */
const FILES_MAX = 400;

/** Makes the question; answers are kept by entry. */
export function createConstEnums(compiler: Compiler): (edge: ModuleEdge) => boolean {
  let ofProject: boolean | undefined;
  let ofDeclared: boolean | undefined;
  const ofEntries = new Map<string, boolean>();
  return ({ to, file }) => {
    if (to !== undefined) return (ofProject ??= compiler.files.some(({ text }) => CONST_ENUM.test(text)));
    if (file === undefined)
      return (ofDeclared ??= compiler.files.some(({ text }) => DECLARED.test(text) && CONST_ENUM.test(text)));
    const known = ofEntries.get(file) ?? isAnywhereNear(file);
    ofEntries.set(file, known);
    return known;
  };
}

function isAnywhereNear(entry: string): boolean {
  const found = new Set([entry]);
  for (const file of found) {
    if (found.size > FILES_MAX) return true;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (CONST_ENUM.test(text)) return true;
    for (const [, , name = ''] of text.matchAll(NEAR)) {
      const next = declarationAt(path.resolve(path.dirname(file), name));
      if (next !== undefined) found.add(next);
    }
  }
  return false;
}

function declarationAt(stem: string): string | undefined {
  const bare = stem.replace(/\.([cm]?)js$/, '');
  return [`${bare}.d.ts`, `${bare}.d.mts`, `${bare}.d.cts`, `${bare}.ts`, path.join(stem, 'index.d.ts')].find(
    (file) => existsSync(file),
  );
}
