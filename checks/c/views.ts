/** A file under several choices of branches, so that each branch of each `#if` is seen once. */
import type { CFile } from './analyse.ts';
import type { View } from './head.ts';
import { branchesOfTokens, layoutOf } from './layout.ts';

/** Choices that are tried; more than so many branches of one `#if` are rare. */
const CHOICES_MAX = 8;

/** The views. */
export function viewsOf({ lexed, conditions }: CFile): readonly View[] {
  const tokenBranches = branchesOfTokens(lexed, conditions);
  const count = Math.min(CHOICES_MAX, Math.max(1, ...conditions.groups.map((members) => members.length)));
  return Array.from({ length: count }, (_, turn) => {
    const choice = new Map(
      conditions.groups.flatMap((members, group) =>
        members.length === 0 || turn === 0
          ? []
          : [[group, members[Math.min(turn, members.length - 1)] ?? -1] as const],
      ),
    );
    return { lexed, layout: layoutOf(lexed, conditions, tokenBranches, choice) };
  });
}
