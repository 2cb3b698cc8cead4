/** A file whose text is read, and whose tree is made, when somebody asks. */
import type { SourceUnit, SyntaxNode } from './compiler.ts';
import { sourceText } from './source-text.ts';

export class LazyUnit<Root extends SyntaxNode> implements SourceUnit {
  readonly path: string;
  readonly isDeclarationFile: boolean;
  private readonly makeRoot: (unit: LazyUnit<Root>) => Root;
  private known: { readonly text?: string; readonly root?: Root } = {};

  /** `makeRoot` is asked once. */
  constructor(file: string, makeRoot: (unit: LazyUnit<Root>) => Root) {
    this.path = file;
    this.makeRoot = makeRoot;
    this.isDeclarationFile = /\.d\.[cm]?ts$/.test(file);
  }

  get text(): string {
    const text = this.known.text ?? sourceText(this.path);
    this.known = { ...this.known, text };
    return text;
  }

  get root(): Root {
    const root = this.known.root ?? this.makeRoot(this);
    this.known = { ...this.known, root };
    return root;
  }
}
