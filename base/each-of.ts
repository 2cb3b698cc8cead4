/** Work on many things, some of them at a time. */

/** Does `work` on each of `items`, in order, on no more than `countMax` of them at a time. Rejects with the first error. */
export async function eachOf<Item>(
  items: readonly Item[],
  countMax: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(countMax, items.length) }, worker));
}
