/** What of the machine's model a record can show in use: rules (persistency.md 1.3, 4.2) and instructions of table 1.4. */
import { CLASSES, type InstructionClass } from '../litmus/ordering.ts';

/** The rules that a record can show in use, each in a few words. */
export const RECORDED_RULES = {
  R1: 'issue: a store, flush or SFENCE waits in the store buffer',
  R2: 'load',
  R3: 'MFENCE',
  R4: 'locked read-modify-write',
  'R4-failed': 'compare-exchange that fails',
  R5a: 'cached store',
  'R5a-volatile': 'store to volatile memory, or acknowledgement',
  'R5a-eADR': 'cached store under eADR',
  'R5b-independent': 'non-temporal store that leaves its dirty line alone',
  'R5b-write-back': 'non-temporal store that writes its dirty line back',
  R5c: 'clflush',
  R5d: 'clflushopt or clwb',
  R5e: 'SFENCE',
  R6: 'eviction of a line',
  R7: 'power failure',
  'own-queue': 'no ADR: the write-pending queue',
  'own-hint': 'no ADR: a flush hint',
  C1: 'two cached stores to one line',
  C2: 'two stores to one word',
  C3: 'cached store, clflush of its line, then a cached store or acknowledgement',
  C4: 'cached store, write-back of its line, fence, then a store or acknowledgement',
  C5: 'non-temporal store, fence, then a store or acknowledgement',
  C6: 'cached store, fence, then a non-temporal store to its line (write-back)',
  C7: 'non-temporal store, cached store to its word, then a cached store',
  C8: 'cached store, clflush of its line, fence, then a non-temporal store',
  'C-1.3a': 'cached store, then a non-temporal store to its word (independent)',
  'C-eADR': 'two cached stores under eADR',
} as const;

/** The name of one of `RECORDED_RULES`. */
export type RecordedRule = keyof typeof RECORDED_RULES;

/** Instructions of the table that records hold. */
export type RecordedClass = Exclude<InstructionClass, 'R'>;

/** The table's classes without loads. */
export const RECORDED_CLASSES = CLASSES.filter((name): name is RecordedClass => name !== 'R');
