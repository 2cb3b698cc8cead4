/** Takes the comments out of TypeScript, and leaves every other character in its line and column. */
import { ts } from '@ts-morph/common';

/** Comments become spaces, except at the end of a line, where nothing is left of them; line ends stay. */
export function withoutComments(text: string): string {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest);
  let made = '';
  let at = 0;
  for (const token of tokensOf(file, file)) {
    const start = token.getStart(file, false);
    made += blanked(text.slice(at, start)) + text.slice(start, token.end);
    at = token.end;
  }
  return made + blanked(text.slice(at));
}

/** What the source is made of, in order; between two of them stand blanks and comments alone. */
function* tokensOf(node: ts.Node, file: ts.SourceFile): Generator<ts.Node> {
  const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
  if (children.length === 0) yield node;
  for (const child of children) yield* tokensOf(child, file);
}

const blanked = (between: string): string =>
  between
    .replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/ +(?=\n)/g, '');
