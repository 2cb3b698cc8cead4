/** What an operation read, in a few words: runs of zeroes and of other bytes, e.g. `512 zero, 3584 stored`. */
export function describeData(data: Uint8Array): string {
  const runs: { isZero: boolean; sizeBytes: number }[] = [];
  for (const byte of data) {
    const last = runs.at(-1);
    if (last !== undefined && last.isZero === (byte === 0)) last.sizeBytes++;
    else runs.push({ isZero: byte === 0, sizeBytes: 1 });
  }
  return runs.map(({ isZero, sizeBytes }) => `${sizeBytes} ${isZero ? 'zero' : 'stored'}`).join(', ');
}
