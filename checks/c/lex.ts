/**
 * Splits C, or assembly that goes through the C preprocessor, into tokens and preprocessor lines. Nothing that a compiler
 * could see is lost: comments, strings and continued lines are told apart here, and nowhere else. Files are read as
 * Latin-1, so that an offset is a byte. Left out: trigraphs.
 */

/** What a token is. */
export const Kind = { word: 1, text: 2, character: 3, number: 4, mark: 5, header: 6 } as const;

/** One `#` line, continued lines included. Token numbers `first` to `last` (not included) are what follows the keyword. */
export interface Directive {
  readonly keyword: string;
  /** Offset of the `#`, and of the end of the last line. */
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** The tokens of a file. The lists run in parallel. */
export interface Lexed {
  readonly text: string;
  readonly isAssembly: boolean;
  readonly kinds: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly directives: readonly Directive[];
  /** Offsets of comments. */
  readonly comments: readonly (readonly [from: number, to: number])[];
}

const SPLICE = /\\\r?\n/g;

/** Brackets as they are written where a keyboard has none. */
const DIGRAPHS: Readonly<Record<string, string>> = { '<%': '{', '%>': '}', '<:': '[', ':>': ']' };

/** The word, string or mark of a token, continued lines joined, digraphs as the brackets they are. */
export function tokenText({ text, starts, ends }: Lexed, index: number): string {
  const slice = text.slice(starts[index], ends[index]);
  if (slice.length === 2) return DIGRAPHS[slice] ?? slice;
  return slice.includes('\\\n') || slice.includes('\\\r\n') ? slice.replace(SPLICE, '') : slice;
}

/** Letters, digits, `_`, `$` (not in assembly) and bytes beyond ASCII. */
function wordTable(isAssembly: boolean): Uint8Array {
  const table = new Uint8Array(256);
  for (let code = 0; code < 256; code += 1) {
    const isDigit = code >= 48 && code <= 57;
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 128;
    if (isLetter || (code === 36 && !isAssembly)) table[code] = 1;
    else if (isDigit) table[code] = 2;
  }
  return table;
}

const TABLES = { c: wordTable(false), assembly: wordTable(true) };
const KNOWN =
  /^(?:define|undef|include|include_next|import|if|ifdef|ifndef|elif|elifdef|elifndef|else|endif|error|warning|pragma|line|ident|embed)$/;

class Lexer {
  readonly kinds: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly directives: Directive[] = [];
  readonly comments: (readonly [number, number])[] = [];
  private at = 0;
  private readonly table: Uint8Array;
  private readonly text: string;
  private readonly isAssembly: boolean;

  constructor(text: string, isAssembly: boolean) {
    this.text = text;
    this.isAssembly = isAssembly;
    this.table = isAssembly ? TABLES.assembly : TABLES.c;
  }

  run(): void {
    let isFresh = true;
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === 10) {
        isFresh = true;
        this.at += 1;
      } else if (code <= 32) this.at += 1;
      else if (isFresh && (code === 35 || (code === 37 && text.charCodeAt(this.at + 1) === 58)))
        this.directive();
      else if (!this.skipped(code)) {
        isFresh = false;
        this.token(code);
      }
    }
  }

  /** Skips a comment or a continued line. */
  private skipped(code: number): boolean {
    const { text, at } = this;
    const next = text.charCodeAt(at + 1);
    if (code === 92) {
      const size = this.spliceAt(at);
      this.at += size;
      return size > 0;
    }
    if (code !== 47 || (next !== 42 && next !== 47)) return false;
    if (next === 42) {
      // What never ends hides no more than its line: no compiler takes it, and nothing may be passed over.
      const end = text.indexOf('*/', at + 2);
      this.at = end < 0 ? this.lineEnd(at) : end + 2;
    } else this.at = this.lineEnd(at);
    this.comments.push([at, this.at]);
    return true;
  }

  /** Length of a `\` and the line end after it at an offset, 0 when there is none. */
  private spliceAt(at: number): number {
    if (this.text.charCodeAt(at) !== 92) return 0;
    const next = this.text.charCodeAt(at + 1);
    if (next === 10) return 2;
    return next === 13 && this.text.charCodeAt(at + 2) === 10 ? 3 : 0;
  }

  /** The end of a line that may be continued. */
  private lineEnd(from: number): number {
    const { text } = this;
    for (let at = from; ; at += 1) {
      at = text.indexOf('\n', at);
      if (at < 0) return text.length;
      const before = text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1;
      if (text.charCodeAt(before) !== 92) return at;
    }
  }

  private push(kind: number, to: number): void {
    this.kinds.push(kind);
    this.starts.push(this.at);
    this.ends.push(to);
    this.at = to;
  }

  private token(code: number): void {
    const { table, text, at } = this;
    const type = code < 256 ? table[code] : 1;
    if (type === 1) this.push(Kind.word, this.wordEnd(at));
    else if (type === 2 || (code === 46 && table[text.charCodeAt(at + 1)] === 2))
      this.push(Kind.number, this.numberEnd(at));
    else if (code === 34) this.push(Kind.text, this.quoteEnd(at, code));
    else if (code === 39 && !this.isAssembly) this.push(Kind.character, this.quoteEnd(at, code));
    else this.push(Kind.mark, this.markEnd(at, code));
  }

  private wordEnd(from: number): number {
    const { table, text } = this;
    let at = from + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code < 256 ? table[code] !== 0 : code >= 256) at += 1;
      else if (code === 92 && this.continuesWord(at)) at += this.spliceAt(at);
      else return at;
    }
  }

  /** Whether the line is continued in the middle of a word. */
  private continuesWord(at: number): boolean {
    const size = this.spliceAt(at);
    const after = this.text.charCodeAt(at + size);
    return size > 0 && after < 256 && this.table[after] !== 0;
  }

  private numberEnd(from: number): number {
    const { text } = this;
    let at = from + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      const before = text.charCodeAt(at - 1) | 32;
      const isSign = (code === 43 || code === 45) && (before === 101 || before === 112) && !this.isAssembly;
      const isHex = text.charCodeAt(from + 1) === 120 && before === 101;
      if ((code < 256 && this.table[code] !== 0) || code === 46 || (isSign && !isHex)) at += 1;
      else return at;
    }
  }

  private quoteEnd(from: number, quote: number): number {
    const { text } = this;
    for (let at = from + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === 10) return at;
      if (code === 92) at += Math.max(1, this.spliceAt(at) - 1);
    }
    return text.length;
  }

  /** `->`, `##`, `&=` and their kin are one mark where somebody asks for it; all others are single characters. */
  private markEnd(at: number, code: number): number {
    const next = this.text.charCodeAt(at + 1);
    if (code === 45 && next === 62) return at + 2;
    if (code === 46 && this.text.startsWith('...', at)) return at + 3;
    if (code === 35 && next === 35) return at + 2;
    if (code === 37 && next === 58) return this.text.startsWith('%:%:', at) ? at + 4 : at + 2;
    if (code === 38 && next === 38) return at + 2;
    if (!this.isAssembly && Object.hasOwn(DIGRAPHS, this.text.slice(at, at + 2))) return at + 2;
    if (next === 61 && '=!<>&|^+-*/%'.includes(this.text.charAt(at))) return at + 2;
    return at + 1;
  }

  private directive(): void {
    const from = this.at;
    const { text } = this;
    this.at += text.charCodeAt(from) === 37 ? 2 : 1;
    const before = this.kinds.length;
    let isHeader = false;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === 10) break;
      if (code <= 32) this.at += 1;
      else if (isHeader && code === 60) this.headerName();
      else if (!this.skipped(code)) this.token(code);
      if (this.kinds.length === before + 1)
        isHeader = /^(?:include|include_next|import|embed)$/.test(this.wordAt(before));
    }
    const keyword = this.kinds.length > before && this.kinds[before] === Kind.word ? this.wordAt(before) : '';
    // In assembly `#` may begin a comment.
    if (this.isAssembly && !KNOWN.test(keyword)) {
      for (const list of [this.kinds, this.starts, this.ends]) list.length = before;
      this.comments.push([from, this.at]);
      return;
    }
    const first = Math.min(before + 1, this.kinds.length);
    this.directives.push({ keyword, from, to: this.at, first, last: this.kinds.length });
  }

  private wordAt(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]).replace(SPLICE, '');
  }

  private headerName(): void {
    const line = this.lineEnd(this.at);
    const end = this.text.indexOf('>', this.at);
    this.push(Kind.header, end < 0 || end >= line ? line : end + 1);
  }
}

/** Splits a text. `isAssembly` is for `.S` files: no apostrophes, `#` may begin a comment. Never throws. */
export function lex(text: string, isAssembly = false): Lexed {
  const lexer = new Lexer(text, isAssembly);
  lexer.run();
  const { kinds, starts, ends, directives, comments } = lexer;
  return { text, isAssembly, kinds, starts, ends, directives, comments };
}

/** Whether a file is assembly by its name. */
export function isAssemblyFile(file: string): boolean {
  return /\.[sS]$/.test(file);
}

/** Whether others include a file: all but `.c`, assembly, and sources of parsers. */
export function isHeader(file: string): boolean {
  return !/\.(?:c|cc|cpp|cxx|S|s|y|l)$/.test(file);
}
