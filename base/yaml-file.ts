/** A file in YAML, held to a schema: whatever is wrong with it is said with file, line and what is allowed. */
import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { InputError } from './input-error.ts';

/** Keys and indexes that lead to a value. */
type Path = readonly (string | number)[];

export class YamlFile {
  readonly name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(name: string, document: Document, lines: LineCounter) {
    this.name = name;
    this.#document = document;
    this.#lines = lines;
  }

  /** The value as the schema gives it. Throws `InputError` for the first thing that does not fit. */
  check<Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> {
    const parsed = v.safeParse(schema, this.#value());
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    throw new InputError(`${this.#place(path)}: ${path.join('.') || 'the whole file'}: ${issue.message}`);
  }

  /** What an alias stands for may be missing, or be too much. */
  #value(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      if (error instanceof ReferenceError) throw new InputError(`${this.name}: ${error.message}`);
      throw error;
    }
  }

  /** The complaint about the value at `path`. */
  error(path: Path, problem: string, allowed: string): InputError {
    return new InputError(`${this.#place(path)}: ${path.join('.')}: ${problem}\n  allowed: ${allowed}`);
  }

  /** `FILE:LINE` of the value, or of the nearest one around it that is there. */
  #place(path: Path): string {
    for (let length = path.length; length > 0; length--) {
      const start = this.#startOf(path.slice(0, length));
      if (start !== undefined) return `${this.name}:${this.#lines.linePos(start).line}`;
    }
    return `${this.name}:1`;
  }

  #startOf(path: Path): number | undefined {
    const key = path.at(-1);
    const parent =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}

/** Levels of things in things, and columns of what stands before a line: no file of ours or of a package manager comes near. */
const DEPTH_MAX = 100;
const INDENTATION_MAX = 400;
const DEEP_LINE = new RegExp(`^[ \\t]{${INDENTATION_MAX}}`, 'm');

/** Whether the parser would call itself too often: it then ends in an error, or takes the whole process with it. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEPTH_MAX) return true;
  }
  // `- - - a`, and `a: a: a`, which is an error that the parser sees after it has nested.
  const opened = text.split(/[\n,{}[\]]/).map((part) => part.match(/[-?:][ \t]/g)?.length ?? 0);
  return DEEP_LINE.test(text) || opened.some((count) => count >= DEPTH_MAX);
}

/** Parses YAML (or JSON, which is YAML). Throws `InputError` with the place of the first thing that is not. */
export function readYaml(text: string, name: string): YamlFile {
  const lines = new LineCounter();
  if (isTooDeep(text))
    throw new InputError(`${name}: too deep: things in things, more than ${DEPTH_MAX} times`);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    throw new InputError(`${name}:${line}: not YAML: ${problem.message}`);
  }
  return new YamlFile(name, document, lines);
}
