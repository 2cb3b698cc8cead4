/** The C grammar of tree-sitter, loaded when C is first read. Its two WebAssembly files come from npm packages. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Node, Parser } from 'web-tree-sitter';

export type { Node } from 'web-tree-sitter';

/** Reads text as C, and lends out the root of its tree. */
export type ParseC = <T>(text: string, use: (root: Node) => T) => T;

let made: Promise<ParseC> | undefined;

/** The parser; made once for a process, since the grammar takes a while to load. */
export function cParser(): Promise<ParseC> {
  return (made ??= load());
}

async function load(): Promise<ParseC> {
  const { Parser: Made, Language } = await import('web-tree-sitter');
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
  await Made.init({ locateFile: (name: string) => path.join(folder, name) });
  const grammar = path.join(
    path.dirname(require.resolve('tree-sitter-c/package.json')),
    'tree-sitter-c.wasm',
  );
  const parser: Parser = new Made();
  parser.setLanguage(await Language.load(grammar));
  return (text, use) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('the C grammar is not loaded');
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  };
}
