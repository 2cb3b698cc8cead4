/** A share of work whose parts can be done alone, so that many machines can each do one: every `count`-th part, from `index` on. */

/** `index` counts from 1 to `count`. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/** Whether the part with this number, from 0 on, belongs to the share. Without a share everything does. */
export function isMine(share: Share | undefined, number: number): boolean {
  return share === undefined || number % share.count === share.index - 1;
}

/** The parts that belong to the share. */
export function shareOf<Part>(share: Share | undefined, parts: readonly Part[]): readonly Part[] {
  return parts.filter((_, number) => isMine(share, number));
}
