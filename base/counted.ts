/** A count in words: `1 file`, `2 files`, `0 entries` where the plural is told. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
