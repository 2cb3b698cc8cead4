/**
 * A union of boxes: each box says for every line which contents it may have, independently of the other lines. Kept
 * as a reduced ordered decision diagram over the lines (persistency.md 4.5): counting, comparing and membership never
 * list the images. Two unions over the same lines hold the same images exactly when their diagrams are the same node.
 */

/** For each line the contents that are possible, as text. */
export type Box = readonly ReadonlySet<string>[];

/** A node: what follows each content of its line. The same node is never made twice. */
export interface Diagram {
  readonly id: number;
  readonly count: bigint;
  readonly next: ReadonlyMap<string, Diagram>;
}

/** Makes diagrams and keeps each only once; unions to be compared come from one of these. */
export class DiagramTable {
  readonly #byKey = new Map<string, Diagram>();
  readonly #end: Diagram = { id: 0, count: 1n, next: new Map() };

  /** The union of `boxes` over `lineCount` lines; no box gives the empty union. */
  unionOf(boxes: readonly Box[], lineCount: number): Diagram {
    return this.#build(withoutDominated(boxes), 0, lineCount, new Map());
  }

  #build(boxes: readonly Box[], line: number, lineCount: number, memo: Map<string, Diagram>): Diagram {
    if (line === lineCount) return boxes.length === 0 ? this.#node(new Map()) : this.#end;
    const key = `${line}:${boxes.map((box) => box.slice(line).map((contents) => [...contents].sort().join()).join(';')).sort().join('|')}`; // prettier-ignore
    const known = memo.get(key);
    if (known !== undefined) return known;
    const following = new Map<string, Box[]>();
    for (const box of boxes) {
      for (const content of box[line] ?? []) {
        const list = following.get(content);
        if (list === undefined) following.set(content, [box]);
        else list.push(box);
      }
    }
    const next = new Map<string, Diagram>();
    for (const content of [...following.keys()].sort())
      next.set(content, this.#build(following.get(content) ?? [], line + 1, lineCount, memo));
    const node = this.#node(next);
    memo.set(key, node);
    return node;
  }

  #node(next: ReadonlyMap<string, Diagram>): Diagram {
    const key = JSON.stringify([...next].map(([content, { id }]) => [content, id]));
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const count = [...next.values()].reduce((total, child) => total + child.count, 0n);
    const node = { id: this.#byKey.size + 1, count, next };
    this.#byKey.set(key, node);
    return node;
  }
}

/** The boxes that lie in no other box. */
function withoutDominated(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of [...boxes].sort((left, right) => sizeOf(right) - sizeOf(left))) {
    if (!kept.some((larger) => isWithin(box, larger))) kept.push(box);
  }
  return kept;
}

function sizeOf(box: Box): number {
  return box.reduce((total, contents) => total + Math.log(contents.size), 0);
}

function isWithin(inner: Box, outer: Box): boolean {
  return inner.every((contents, line) =>
    [...contents].every((content) => outer[line]?.has(content) === true),
  );
}

/** Whether the image with these contents, one for each line, is in the union. */
export function contains(union: Diagram, contents: readonly string[]): boolean {
  let node: Diagram | undefined = union;
  for (const content of contents) node = node?.next.get(content);
  return node !== undefined;
}

/** The images of a union, one text for each line, in order. For small unions: there are `union.count` of them. */
export function* imagesOf(union: Diagram, lineCount: number): Generator<readonly string[]> {
  if (lineCount === 0) {
    if (union.count > 0n) yield [];
    return;
  }
  for (const [content, child] of union.next) {
    for (const rest of imagesOf(child, lineCount - 1)) yield [content, ...rest];
  }
}

/**
 * What the images of a union hold on the `wanted` lines: each combination of contents once, in the order of the lines. `undefined`
 * when there are more than `limit`. Takes as long as the diagram and the answer are large, however many images there are.
 */
export function projectionOf(
  union: Diagram,
  lineCount: number,
  wanted: ReadonlySet<number>,
  limit: number,
): readonly (readonly string[])[] | undefined {
  const known = new Map<Diagram, readonly (readonly string[])[]>();
  const below = (node: Diagram, line: number): readonly (readonly string[])[] | undefined => {
    if (line === lineCount) return node.count === 0n ? [] : [[]];
    const before = known.get(node);
    if (before !== undefined) return before;
    const found = new Map<string, readonly string[]>();
    for (const [content, child] of node.next) {
      const rests = below(child, line + 1);
      for (const rest of rests ?? []) {
        const contents = wanted.has(line) ? [content, ...rest] : rest;
        found.set(JSON.stringify(contents), contents);
      }
      if (rests === undefined || found.size > limit) return undefined;
    }
    const all = [...found.values()];
    known.set(node, all);
    return all;
  };
  return below(union, 0);
}
