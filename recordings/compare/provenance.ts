/** Where bytes come from, in words: the store, where it was written back and by whom, and what completed that. */
import { EntryKind } from '#machine/hardware/record.ts';
import { LINE_SIZE_BYTES, roundDown } from '#machine/hardware/units.ts';
import { printable } from '#base/printable.ts';
import { eventOf, KERNEL_PLACE, type Place, type Recording } from '../recording.ts';

/** One step of what became of bytes. */
export interface Step {
  readonly what: 'stored by' | 'written back by' | 'completed by' | 'never';
  readonly text: string;
}

const INSTRUCTION: Readonly<Record<number, string>> = {
  [EntryKind.storeCached]: 'mov',
  [EntryKind.storeString]: 'a string store',
  [EntryKind.storeNonTemporal]: 'movnt',
  [EntryKind.clwb]: 'clwb',
  [EntryKind.clflushopt]: 'clflushopt',
  [EntryKind.clflush]: 'clflush',
  [EntryKind.sfence]: 'sfence',
  [EntryKind.mfence]: 'mfence',
  [EntryKind.lockedStore]: 'a locked instruction',
  [EntryKind.lockedNoStore]: 'a locked instruction',
};

/** `put64 pm.h:21 in main tx.c:13`: the innermost frame and the first that is not in a header. */
export function placeText(place: Place | undefined): string {
  if (place === undefined) return 'unknown code';
  const { object, offset, function: name, source, inlined } = place;
  if (source === undefined)
    return printable(name === undefined ? `${object}+0x${offset.toString(16)}` : `${name} in ${object}`);
  const own = `${name ?? object} ${source}`;
  const outer = /\.h:\d+$/.test(source) ? inlined.find((frame) => !/\.h:\d+$/.test(frame)) : undefined;
  return printable(outer === undefined ? own : `${own} in ${outer}`);
}

/** `log.c:13`: the line of the user's own code that an entry belongs to, if it is told. */
export function sourceOf(recording: Recording, entry: number): string | undefined {
  for (const index of [recording.places[entry] ?? 0, recording.callers[entry] ?? 0]) {
    const place = recording.placeTable[index];
    const sources = [place?.source, ...(place?.inlined ?? []).map((frame) => frame.split(' ').at(-1))];
    const found = sources.find((source) => source !== undefined && !/\.h:\d+$/.test(source));
    if (found !== undefined) return printable(found);
  }
  return undefined;
}

/** An entry in words: instruction, place, thread, event. */
export function entryText(recording: Recording, entry: number): string {
  const place = recording.places[entry] ?? 0;
  const kind = INSTRUCTION[recording.record.kinds[entry] ?? 0] ?? 'an event';
  const at = `thread ${recording.threads[entry] ?? 0}, event ${eventOf(recording, entry)}`;
  if (place === KERNEL_PLACE) return `the kernel, in a system call (${at})`;
  const caller = recording.placeTable[recording.callers[entry] ?? 0];
  const called = caller === undefined ? '' : `, called from ${placeText(caller)}`;
  return place === 0
    ? `${kind} (${at})`
    : `${kind} in ${placeText(recording.placeTable[place])}${called} (${at})`;
}

/** What became of the bytes that `entry` stored to the line of `address`, up to the end of the recording. */
export function historyOf(recording: Recording, entry: number, address: number, until: number): Step[] {
  const steps: Step[] = [{ what: 'stored by', text: entryText(recording, entry) }];
  const { record, threads } = recording;
  const line = roundDown(address, LINE_SIZE_BYTES);
  const isNonTemporal = record.kinds[entry] === EntryKind.storeNonTemporal;
  const writer = isNonTemporal ? entry : writeBackAfter(recording, entry, line);
  if (writer === undefined)
    return [...steps, { what: 'never', text: 'never written back in this recording' }];
  const late = (at: number): string => (at > until ? ', after the acknowledgement' : '');
  if (!isNonTemporal)
    steps.push({ what: 'written back by', text: entryText(recording, writer) + late(writer) });
  if (record.kinds[writer] === EntryKind.clflush) return steps;
  for (let at = writer + 1; at < record.length; at++)
    if ((threads[at] ?? 0) === (threads[writer] ?? 0) && isFence(record.kinds[at]))
      return [...steps, { what: 'completed by', text: entryText(recording, at) + late(at) }];
  return [...steps, { what: 'never', text: `no later fence of thread ${threads[writer] ?? 0} completes it` }];
}

function writeBackAfter({ record }: Recording, entry: number, line: number): number | undefined {
  for (let at = entry + 1; at < record.length; at++) {
    const kind = record.kinds[at];
    if (kind !== EntryKind.clwb && kind !== EntryKind.clflushopt && kind !== EntryKind.clflush) continue;
    const start = record.addresses[at] ?? 0;
    if (line >= start && line < start + (record.counts[at] ?? 0) * LINE_SIZE_BYTES) return at;
  }
  return undefined;
}

const isFence = (kind: number | undefined): boolean =>
  kind === EntryKind.sfence ||
  kind === EntryKind.mfence ||
  kind === EntryKind.lockedStore ||
  kind === EntryKind.lockedNoStore;
