/** Reads a log of pmemcheck both ways at once: as a recording, and as records in their order. */
import { CrashHistory } from '#machine/images/crash-images.ts';
import { PersistsBefore } from '#machine/order/persists-before.ts';
import type { PersistencySetting } from '#machine/order/persistency-setting.ts';
import { runSourceOf } from '../compare/files.ts';
import { openRecording, readPmemcheck } from '../import/open-recording.ts';
import type { PmemcheckOptions } from '../import/read-pmemcheck.ts';
import type { LogRecord, PmemcheckLog } from './log-records.ts';

/** Opens the log in `path` (`-`: standard input), plain or packed with gzip. Throws `InputError`. */
export async function openLog(path: string, options: PmemcheckOptions = {}): Promise<PmemcheckLog> {
  const records: LogRecord[] = [];
  const onRecord = (record: LogRecord): void => void records.push(record);
  const recording = await openRecording(path, { ...options, onRecord }, 'pmemcheck');
  return { source: path, records, recording };
}

/** Reads the text of a log; `source` is its name for messages. Throws `InputError`. */
export function readLog(text: string, source: string, options: PmemcheckOptions = {}): PmemcheckLog {
  const records: LogRecord[] = [];
  const onRecord = (record: LogRecord): void => void records.push(record);
  return { source, records, recording: readPmemcheck(Buffer.from(text), source, { ...options, onRecord }) };
}

/** What a power failure may leave of the run that was logged, of which every file held zeros at first. */
export function historyOfLog({ recording }: PmemcheckLog, setting: PersistencySetting): CrashHistory {
  return new CrashHistory(new PersistsBefore(runSourceOf(recording, new Map()), setting));
}
