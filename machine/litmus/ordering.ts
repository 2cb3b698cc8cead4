/**
 * Table 1.4 of persistency.md: which two instructions of one CPU keep their order when they leave its store buffer
 * (for loads: when they complete). Row = earlier in program order, column = later. The switches change a few cells;
 * `MutatedCell` replaces one, so that a test can show that some litmus test notices.
 */
import type { LitmusMachine } from './machine-switches.ts';

/** Classes of instructions, in the order of the table's rows and columns. */
export const CLASSES = ['R', 'W', 'RMW', 'MF', 'SF', 'FL', 'FO', 'NT'] as const;
export type InstructionClass = (typeof CLASSES)[number];

/** When the order of a pair is kept: always, never, when on one line, when on one word. */
export type Order = 'kept' | 'free' | 'line' | 'word';

/** A table cell that a test replaces. */
export interface MutatedCell {
  readonly earlier: InstructionClass;
  readonly later: InstructionClass;
  readonly order: Order;
}

const K: Order = 'kept';
const F: Order = 'free';

const TABLE: Readonly<Record<InstructionClass, readonly Order[]>> = {
  //    R  W       RMW MF SF FL  FO      NT
  R:   [K, K,      K,  K, K, K,  K,      K],
  W:   [F, K,      K,  K, K, K,  'line', 'word'],
  RMW: [K, K,      K,  K, K, K,  K,      K],
  MF:  [K, K,      K,  K, K, K,  K,      K],
  SF:  [F, K,      K,  K, K, K,  K,      K],
  FL:  [F, K,      K,  K, K, K,  'line', F],
  FO:  [F, F,      K,  K, K, 'line', F,  F],
  NT:  [F, 'word', K,  K, K, F,  F,      'word'],
}; // prettier-ignore

/** The cell of the table for a machine. */
export function orderOf(earlier: InstructionClass, later: InstructionClass, machine: LitmusMachine): Order {
  if (machine.clflush === 'AMD') {
    const order = amdOrder(earlier, later, machine);
    if (order !== undefined) return order;
  }
  if (machine.flushCoversNonTemporal && isNoteC(earlier, later)) return 'line';
  return TABLE[earlier][CLASSES.indexOf(later)] ?? 'kept';
}

/** Note (c) of the table: a flush and the CPU's own non-temporal stores to the same line; the cells that 1.4 marks. */
function isNoteC(earlier: InstructionClass, later: InstructionClass): boolean {
  return (earlier === 'NT' && (later === 'FL' || later === 'FO')) || (earlier === 'FL' && later === 'NT');
}

/**
 * On AMD processors clflush is ordered by MFENCE only (1.1), and by locked operations, which wait like MFENCE (R4).
 * A store before it to the same line stays before it, or no flush could ever be relied on; loads, locked operations
 * and MFENCE complete before anything later is issued. Note (c) keeps non-temporal stores before it; none waits for
 * it, as no cached store does.
 */
function amdOrder(
  earlier: InstructionClass,
  later: InstructionClass,
  machine: LitmusMachine,
): Order | undefined {
  if (later === 'FL') {
    if (earlier === 'R' || earlier === 'RMW' || earlier === 'MF') return 'kept';
    if (earlier === 'W') return 'line';
    if (earlier === 'NT' && machine.flushCoversNonTemporal) return 'line';
    return 'free';
  }
  if (earlier !== 'FL') return undefined;
  return later === 'MF' || later === 'RMW' ? 'kept' : 'free';
}
