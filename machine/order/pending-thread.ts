/**
 * What one thread has under way: write-backs and non-temporal stores that its next fence completes. A fence completes what
 * its own thread asked for and nothing else (docs/MACHINE.md R5e), so a record of several threads keeps one of these each.
 */
export class PendingThread {
  levelAtFence = 0;
  piecesAtFence = 0;
  // Non-temporal pieces since the last fence, as runs: from, to, from, to, …
  readonly nonTemporalRuns: number[] = [];
  // The newest cached piece of each line that a write-back covers, whoever stored it.
  readonly covered: number[] = [];
  readonly coveredForMfence: number[] = [];
  // By line address: the level that a non-temporal store to the line needs because of a clflush since the last fence
  // (1.4, note c); empty unless the setting says so.
  readonly levelAtFlush = new Map<number, number>();

  /** Notes the non-temporal pieces `[from, to)`. */
  noteNonTemporal(from: number, to: number): void {
    const runs = this.nonTemporalRuns;
    if (runs.length > 0 && runs[runs.length - 1] === from) runs[runs.length - 1] = to;
    else runs.push(from, to);
  }
}
