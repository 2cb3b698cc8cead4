/**
 * Which files contain which words, so that only files that can matter are looked at node by node. Words are found
 * in the raw text, comments and strings included: too many is harmless. A file with escaped letters (`\u0061`) may
 * hide any word and therefore counts as containing all of them.
 */
import type { SourceUnit, SyntaxNode, Compiler } from './compiler.ts';
import { keyedAccesses, type KeyedAccess } from './computed-keys.ts';
import { part, parts, textOf, walk } from './syntax.ts';

/** Kinds of nodes that can name a symbol by their text. */
const NAMING = new Set(['Identifier', 'PrivateIdentifier', 'StringLiteral', 'NoSubstitutionTemplateLiteral']);

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** Letters a word of only such letters may not touch. */
const LETTER = /[\p{ID_Continue}$]/u;
/** How many words are looked for one by one in all texts before a list of all words is worth its memory. */
const SINGLE_WORDS_MAX = 200;

/** Words and naming nodes of the files of one project; filled as it is asked. */
export class WordIndex {
  private words: ReadonlyMap<string, readonly SourceUnit[]> | undefined;
  private readonly single = new Map<string, readonly SourceUnit[]>();
  private readonly escaped: ReadonlySet<SourceUnit>;
  private readonly nodes = new Map<SourceUnit, ReadonlyMap<string, readonly SyntaxNode[]>>();
  private readonly compiler: Compiler;
  private keyed: readonly KeyedAccess[] | undefined;

  constructor(compiler: Compiler) {
    this.compiler = compiler;
    this.escaped = new Set(compiler.files.filter(({ text }) => text.includes('\\u')));
  }

  private unitsWith(word: string): readonly SourceUnit[] {
    const known = this.words?.get(word) ?? this.single.get(word);
    if (known !== undefined || this.words !== undefined) return known ?? [];
    if (this.single.size >= SINGLE_WORDS_MAX) {
      this.words = allWords(this.compiler.files);
      return this.words.get(word) ?? [];
    }
    const found = this.compiler.files.filter(({ text }) => hasWord(text, word));
    this.single.set(word, found);
    return found;
  }

  /** Files that may name something `word`. */
  filesWith(word: string): readonly SourceUnit[] {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(word)) {
      const bare = word.replace(/^#/, '');
      return this.compiler.files.filter((unit) => unit.text.includes(bare) || unit.text.includes('\\'));
    }
    return [...new Set([...this.unitsWith(word), ...this.escaped])];
  }

  /** Objects read by keys that are no literals but have few texts. */
  keyedAccesses(): readonly KeyedAccess[] {
    return (this.keyed ??= keyedAccesses(this.compiler));
  }

  /** Identifiers and string literals of a file whose text is `word`. */
  nodesNamed(unit: SourceUnit, word: string): readonly SyntaxNode[] {
    return this.nodesOf(unit).get(word) ?? [];
  }

  private nodesOf(unit: SourceUnit): ReadonlyMap<string, readonly SyntaxNode[]> {
    const known = this.nodes.get(unit);
    if (known !== undefined) return known;
    const found = new Map<string, SyntaxNode[]>();
    const visit = (node: SyntaxNode): void => {
      for (const type of this.commentTypes(unit, node)) walk(type, visit);
      if (!NAMING.has(this.compiler.kindOf(node))) return;
      const text = textOf(node);
      const same = found.get(text);
      if (same === undefined) found.set(text, [node]);
      else same.push(node);
    };
    walk(unit.root, visit);
    this.nodes.set(unit, found);
    return found;
  }

  /** Types in the comments of JavaScript files; TypeScript 7 has them in the tree already. */
  private commentTypes(unit: SourceUnit, node: SyntaxNode): readonly SyntaxNode[] {
    if (this.compiler.name !== 'ts-morph' || !/\.[cm]?jsx?$/.test(unit.path)) return [];
    return parts(node, 'jsDoc')
      .flatMap((comment) => parts(comment, 'tags'))
      .flatMap((tag) => part(tag, 'typeExpression') ?? []);
  }
}

/** Whether a text has a word that is no part of a longer one. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!LETTER.test(text[at - 1] ?? ' ') && !LETTER.test(text[at + word.length] ?? ' ')) return true;
  }
  return false;
}

/** All words of all files. */
function allWords(files: readonly SourceUnit[]): ReadonlyMap<string, readonly SourceUnit[]> {
  const found = new Map<string, SourceUnit[]>();
  for (const unit of files) {
    for (const word of new Set(unit.text.match(WORD))) {
      const units = found.get(word);
      if (units === undefined) found.set(word, [unit]);
      else units.push(unit);
    }
  }
  return found;
}
