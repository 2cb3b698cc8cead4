/** A binary heap: the item that comes first under `isBefore` is on top. */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #isBefore: (left: Item, right: Item) => boolean;

  constructor(isBefore: (left: Item, right: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get top(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = items[parentIndex];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      items[index] = parent;
      index = parentIndex;
    }
    items[index] = item;
  }

  pop(): Item | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let index = 0;
    for (;;) {
      const leftIndex = index * 2 + 1;
      const left = items[leftIndex];
      const right = items[leftIndex + 1];
      if (left === undefined) break;
      const rightIsFirst = right !== undefined && this.#isBefore(right, left);
      const child = rightIsFirst ? right : left;
      if (!this.#isBefore(child, last)) break;
      items[index] = child;
      index = rightIsFirst ? leftIndex + 1 : leftIndex;
    }
    items[index] = last;
    return top;
  }
}
