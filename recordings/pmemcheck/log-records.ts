/**
 * What a log of pmemcheck says, record by record, for those who look at it as pmreorder does. Addresses are those of the
 * recording that is made from the same log: bytes of files, wherever they were mapped.
 */
import type { Recording } from '../recording.ts';

/** Where a record stands: its number counts from 1 at START. */
interface Numbered {
  readonly number: number;
}

export interface StoreRecord extends Numbered {
  readonly kind: 'store';
  readonly address: number;
  readonly bytes: Uint8Array;
}

export type LogRecord =
  | StoreRecord
  /** `sizeBytes` is 0 for a FLUSH of what no file is. */
  | (Numbered & { readonly kind: 'flush'; readonly address: number; readonly sizeBytes: number })
  | (Numbered & { readonly kind: 'fence' })
  | (Numbered & { readonly kind: 'marker'; readonly name: string; readonly edge: 'BEGIN' | 'END' });

export interface PmemcheckLog {
  readonly source: string;
  readonly records: readonly LogRecord[];
  /** The same as what it did to files. */
  readonly recording: Recording;
}
