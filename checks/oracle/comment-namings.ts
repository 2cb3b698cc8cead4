/**
 * Modules named in comments: `/// <reference path>` and `types` at the head of a file, and in JavaScript `@import` and `import()`
 * types of JSDoc. Both compilers keep comments differently, so they are read from the text. Nothing is loaded by them
 * when the code runs.
 */
import type { SourceUnit, SyntaxNode } from './compiler.ts';
import type { Naming } from './namings.ts';

const HEAD = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const REFERENCE = /^[ \t]*\/\/\/\s*<reference\s+path\s*=\s*(["'])([^"']+)\1/gm;
const TYPES_REFERENCE = /^[ \t]*\/\/\/\s*<reference\s+types\s*=\s*(["'])([^"']+)\1/gm;
const COMMENT = /\/\*\*(?!\/)[\s\S]*?\*\//g;
const TAG_IMPORT = /@import\b[^@]*?\bfrom\s+(["'])([^"'\n]+)\1/g;
const TYPE_IMPORT = /@\w+\s*\{[^@]*?\bimport\(\s*(["'])([^"'\n]+)\1\s*\)/g;
const MORE_IMPORTS = /\bimport\(\s*(["'])([^"'\n]+)\1\s*\)/g;

/** What comments of a file name; types in comments only for JavaScript files. */
export function commentNamings(unit: SourceUnit, isScript: boolean): readonly Naming[] {
  const head = unit.text.includes('<reference') ? (HEAD.exec(unit.text)?.[0] ?? '') : '';
  const files = found(unit, head, 0, REFERENCE).map(({ node, text }) =>
    // A reference to a file is relative whether or not it says so.
    naming('reference', { node, text: /^\.{0,2}\//.test(text) ? text : `./${text}` }),
  );
  const types = found(unit, head, 0, TYPES_REFERENCE).map((place) => naming('reference', place));
  const references = [...files, ...types];
  return isScript ? [...references, ...jsDocNamings(unit)] : references;
}

function jsDocNamings(unit: SourceUnit): readonly Naming[] {
  if (!unit.text.includes('import')) return [];
  return [...unit.text.matchAll(COMMENT)].flatMap((comment) => {
    const [text] = comment;
    const types = TYPE_IMPORT.test(text) ? found(unit, text, comment.index, MORE_IMPORTS) : [];
    TYPE_IMPORT.lastIndex = 0;
    const tags = found(unit, text, comment.index, TAG_IMPORT);
    return [...tags, ...types].map((place) => naming('import-type', place));
  });
}

interface Place {
  readonly node: SyntaxNode;
  readonly text: string;
}

function found(unit: SourceUnit, text: string, offset: number, pattern: RegExp): readonly Place[] {
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[2] ?? '';
    const start = offset + match.index + match[0].lastIndexOf(name);
    return { node: commentNode(unit, start, start + name.length), text: name };
  });
}

/** A stretch of a comment as a node, for places of findings. */
export function commentNode(unit: SourceUnit, start: number, end: number): SyntaxNode {
  return {
    kind: -1,
    pos: start,
    end,
    get parent() {
      return unit.root;
    },
    getStart: () => start,
    getText: () => unit.text.slice(start, end),
    forEachChild: () => undefined,
  };
}

function naming(kind: 'reference' | 'import-type', { node, text }: Place): Naming {
  return { kind, node, specifier: undefined, text, typeOnly: true };
}
