/**
 * Replays a pmemcheck log on the machine, so that the record engine can say what a power failure may leave. FLUSH
 * counts as clwb of the lines it touches and FENCE as SFENCE; the log does not say more (2.1: no loads, no thread, no
 * clflush, no locked operations; a clflush shows as FLUSH and FENCE and so looks stronger than it is to other lines).
 * DEEP_SYNC is a flush hint and a fence. The end of each marker is an acknowledgement.
 */
import { type CrashHistory, crashHistory, type PersistencySetting } from '#machine/images/crash-images.ts';
import { type Machine, powerOn } from '#machine/hardware/machine.ts';
import { LINE_SIZE_BYTES, PAGE_SIZE_BYTES, roundDown, roundUp } from '#machine/hardware/units.ts';
import type { LogRecord, PmemcheckLog, RegisteredFile } from './log.ts';

export interface ImportOptions {
  readonly setting: PersistencySetting;
  /** A STORE directly followed by a FLUSH of exactly its bytes is non-temporal, as our exporter writes them. */
  readonly exactFlushIsNonTemporal: boolean;
}

export interface ImportedRun {
  readonly machine: Machine;
  readonly history: CrashHistory;
  /** Name of the marker that acknowledgement i closes. */
  readonly markers: readonly string[];
  readonly files: readonly RegisteredFile[];
}

const HINT_ADDRESS = 8;
const MODULE = 'log';

/** Replays `log`, which `parseLog` has checked. */
export function importLog(log: PmemcheckLog, options: ImportOptions): ImportedRun {
  const files = log.records.filter((record) => record.kind === 'file');
  const machine = machineFor(files, options.setting.domain);
  const markers: string[] = [];
  const { records } = log;
  for (let index = 0; index < records.length; index++) {
    const record = records[index];
    if (record === undefined) continue;
    if (record.kind === 'marker' && record.edge === 'END') {
      machine.record.acknowledge(markers.length);
      markers.push(record.name);
    } else if (options.exactFlushIsNonTemporal && isNonTemporal(record, records[index + 1])) {
      machine.cpu.storeNonTemporalRange(record.address, record.bytes, record.bytes.length);
      index++;
    } else {
      replay(machine, record, files);
    }
  }
  return { machine, history: crashHistory(machine, options.setting), markers, files };
}

function machineFor(files: readonly RegisteredFile[], domain: PersistencySetting['domain']): Machine {
  const ranges = files.map(({ path, address, sizeBytes }) => ({
    name: path,
    start: address,
    sizeBytes: roundUp(sizeBytes, PAGE_SIZE_BYTES),
    kind: 'persistent' as const,
    modules: [MODULE],
  }));
  return powerOn({
    domain,
    features: { clwb: true, clflushopt: true },
    ranges,
    flushHints: [{ address: HINT_ADDRESS, modules: [MODULE] }],
  });
}

function isNonTemporal(
  record: LogRecord,
  next: LogRecord | undefined,
): record is LogRecord & { kind: 'store' } {
  return (
    record.kind === 'store' &&
    next?.kind === 'flush' &&
    next.address === record.address &&
    next.sizeBytes === record.bytes.length &&
    (next.sizeBytes === 4 || next.sizeBytes === 8)
  );
}

function replay({ cpu }: Machine, record: LogRecord, files: readonly RegisteredFile[]): void {
  switch (record.kind) {
    case 'store':
      // Any size is one instruction: the analysis splits it into the 8-byte pieces that cannot tear.
      if ([1, 2, 4, 8].includes(record.bytes.length)) cpu.store(record.address, record.bytes);
      else cpu.storeString(record.address, record.bytes);
      return;
    case 'flush':
      return flush(cpu, record.address, record.sizeBytes, files);
    case 'fence':
      return cpu.sfence();
    case 'deep-sync':
      cpu.sfence();
      cpu.storeFlushHint(HINT_ADDRESS);
      return cpu.sfence();
    default:
      return;
  }
}

/** Writes back the lines of the range that lie in a registered file; others hold nothing persistent. */
function flush(
  cpu: Machine['cpu'],
  address: number,
  sizeBytes: number,
  files: readonly RegisteredFile[],
): void {
  for (const file of files) {
    const from = Math.max(roundDown(address, LINE_SIZE_BYTES), file.address);
    const to = Math.min(
      roundUp(address + sizeBytes, LINE_SIZE_BYTES),
      roundUp(file.address + file.sizeBytes, LINE_SIZE_BYTES),
    );
    if (from < to) cpu.writeBackRange('clwb', from, (to - from) / LINE_SIZE_BYTES);
  }
}
