/**
 * The switches of the litmus machine: everything that persistency.md leaves open or that differs between platforms,
 * as plain data with one default each. A machine is named by the words that differ from the default, joined by `+`
 * (`eADR`, `write-back`, `no-ADR+AMD`); `ADR` alone is the default machine. docs/MACHINE.md explains each switch.
 */

export interface LitmusMachine {
  /** What survives a power failure; `no-ADR` loses the write-pending queue too. */
  readonly domain: 'ADR' | 'eADR' | 'no-ADR';
  /** What a non-temporal store does to older dirty data of its line: rules R5b (1.3a), R5b (1.3), R5b′. */
  readonly nonTemporal: 'independent' | 'write-back' | 'lazy';
  /**
   * Table 1.4 note (c): whether a flush of a line waits for the CPU's own older non-temporal stores to it, and newer ones
   * for its clflush (the latter not on AMD).
   */
  readonly flushCoversNonTemporal: boolean;
  /** On AMD processors clflush is ordered by MFENCE only. */
  readonly clflush: 'intel' | 'AMD';
  /** Whether cached stores of one line persist in order, or each word on its own (1.5 T2). */
  readonly cut: 'line' | 'location';
  /** Without ADR: one queue for all lines, or one for each line. */
  readonly writePendingQueue: 'single' | 'per-line';
}

export const DEFAULT_MACHINE: LitmusMachine = {
  domain: 'ADR',
  nonTemporal: 'independent',
  flushCoversNonTemporal: false,
  clflush: 'intel',
  cut: 'line',
  writePendingQueue: 'single',
};

interface SwitchWord {
  readonly word: string;
  /** The field it sets; two words that set the same field contradict each other. */
  readonly field: keyof LitmusMachine;
  readonly set: Partial<LitmusMachine>;
  readonly meaning: string;
}

/** The words that name a machine; those that set a default are accepted and not printed. */
export const SWITCH_WORDS: readonly SwitchWord[] = [
  { word: 'ADR', field: 'domain', set: { domain: 'ADR' }, meaning: 'the write-pending queue survives (default)' },
  { word: 'eADR', field: 'domain', set: { domain: 'eADR' }, meaning: 'caches survive, store buffers do not' },
  { word: 'no-ADR', field: 'domain', set: { domain: 'no-ADR' }, meaning: 'the write-pending queue is lost' },
  { word: 'independent', field: 'nonTemporal', set: { nonTemporal: 'independent' }, meaning: 'NT stores leave alone (default)' },
  { word: 'write-back', field: 'nonTemporal', set: { nonTemporal: 'write-back' }, meaning: 'NT stores write dirty data of their line back first' },
  { word: 'lazy', field: 'nonTemporal', set: { nonTemporal: 'lazy' }, meaning: 'NT stores are visible before they are durable' },
  { word: 'nt_fl', field: 'flushCoversNonTemporal', set: { flushCoversNonTemporal: true }, meaning: 'a flush waits for own older NT stores to its line, newer ones for clflush (not on AMD)' },
  { word: 'intel', field: 'clflush', set: { clflush: 'intel' }, meaning: 'clflush is ordered with stores and fences (default)' },
  { word: 'AMD', field: 'clflush', set: { clflush: 'AMD' }, meaning: 'clflush is ordered by MFENCE only' },
  { word: 'line', field: 'cut', set: { cut: 'line' }, meaning: 'cached stores of a line persist in order (default)' },
  { word: 'location', field: 'cut', set: { cut: 'location' }, meaning: 'each word persists on its own' },
  { word: 'single', field: 'writePendingQueue', set: { writePendingQueue: 'single' }, meaning: 'no-ADR: one queue (default)' },
  { word: 'per-line', field: 'writePendingQueue', set: { writePendingQueue: 'per-line' }, meaning: 'no-ADR: a queue for each line' },
]; // prettier-ignore

/** The machine that `words` describe, or a sentence saying which word is wrong. */
export function machineFromWords(words: readonly string[]): LitmusMachine | string {
  let machine = DEFAULT_MACHINE;
  const fieldsSet = new Map<keyof LitmusMachine, string>();
  for (const word of words) {
    const found = SWITCH_WORDS.find((candidate) => candidate.word.toLowerCase() === word.toLowerCase());
    if (found === undefined) return `one of ${SWITCH_WORDS.map((candidate) => candidate.word).join(', ')}`;
    const earlier = fieldsSet.get(found.field);
    if (earlier !== undefined) return `a machine that is not both ${earlier} and ${found.word}`;
    fieldsSet.set(found.field, found.word);
    machine = { ...machine, ...found.set };
  }
  return machine;
}

/** The shortest name of a machine: `ADR`, or the words of what differs from the default. */
export function nameOfMachine(machine: LitmusMachine): string {
  const words = SWITCH_WORDS.filter(({ field }) => machine[field] !== DEFAULT_MACHINE[field]).filter(
    ({ field, set }) => set[field] === machine[field],
  );
  return words.length === 0 ? 'ADR' : words.map(({ word }) => word).join('+');
}

/** Whether two descriptions mean the same machine. */
export function sameMachine(left: LitmusMachine, right: LitmusMachine): boolean {
  return nameOfMachine(left) === nameOfMachine(right);
}
