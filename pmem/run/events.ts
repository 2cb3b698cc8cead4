/** The instructions of one operation as text, in the notation of the real-kernel traces (docs/WORKLOADS.md). */
import type { MachineConfiguration } from '#machine/hardware/machine.ts';
import { formatEntries } from '#machine/hardware/trace-notation.ts';
import { placeOf } from '../compare/losses.ts';
import type { Outcome, Run } from './run.ts';

/**
 * The instructions of `outcome`. Places are relative to the device; its name stands in front (`pmem1@n0:8`) when there
 * are several. A flush hint is named by dimm and slot (`Hnmem0.1`).
 */
export function eventsOf(run: Run, outcome: Outcome): string[] {
  const subsystem = run.lives[outcome.life]?.subsystem;
  if (subsystem === undefined) return [];
  const { machine, memory } = subsystem;
  const texts = formatEntries(machine.record, outcome.entries.from, outcome.entries.to);
  return texts.flatMap((text) => {
    const match = /^([ncWOXLFHA])(\d+)(.*)$/.exec(text);
    if (match === null) return [text];
    const [, letter = '', address = '', rest = ''] = match;
    if (letter === 'A') return [];
    if (letter === 'H') return [`H${hintName(machine.configuration, Number(address))}`];
    const { disk, offset } = placeOf(Number(address), memory);
    return [`${memory.length > 1 ? `${disk}@` : ''}${letter}${offset}${rest}`];
  });
}

/** A flush hint by dimm and slot: `nmem0.1`. */
export function hintName({ flushHints }: MachineConfiguration, address: number): string {
  const hint = flushHints.find((candidate) => candidate.address === address);
  const [module = ''] = hint?.modules ?? [];
  const slots = flushHints.filter(({ modules }) => modules.includes(module));
  return `${module}.${slots.findIndex((candidate) => candidate.address === address)}`;
}

/** Has `n0:8*3` as its three events, so that two ways of merging compare equal. One by one, because a count may be any number. */
function* expandedEvents(events: readonly string[]): Generator<string, undefined> {
  for (const event of events) {
    const match = /^((?:[^@\s]+@)?[a-zA-Z])(\d*)(?::(\d+))?\*(\d+)$/.exec(event);
    if (match === null) {
      yield event;
      continue;
    }
    const [, letter = '', address = '', size = '', count = '1'] = match;
    const step = size === '' ? 64 : Number(size);
    for (let index = 0; index < Number(count); index++)
      yield address === ''
        ? letter
        : `${letter}${Number(address) + index * step}${size === '' ? '' : `:${size}`}`;
  }
}

/** Whether two lists name the same instructions in the same order, however they are merged. Ends at the first that differ. */
export function sameEvents(left: readonly string[], right: readonly string[]): boolean {
  if (left.join(' ') === right.join(' ')) return true;
  const others = expandedEvents(right);
  for (const event of expandedEvents(left)) if (others.next().value !== event) return false;
  return others.next().done === true;
}
