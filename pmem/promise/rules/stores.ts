/**
 * While an operation runs, and after it, no byte may hold what nobody wrote there, nor what a promise has left behind.
 * What an operation did not store to can hold nothing in flight that it could not hold before: the stores that came
 * before it persist in the same orders. So every byte stored is held to the model, and no image is needed.
 */
import type { DiskPlace } from '#kernel/subsystem/surroundings.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { eachRefusedByte } from '../refused-bytes.ts';
import { type JudgedStep, pagesOf } from '../step.ts';

/** Operations that write what only they know: info blocks, logs, maps. */
const WRITES_METADATA: ReadonlySet<Operation['kind']> = new Set([
  'personality',
  'create namespace',
  'destroy namespace',
  'zero labels',
  'check namespace',
]);

/** Whether a place in memory is room that a personality keeps for itself, or that no namespace has. */
export function isReserved(owner: DiskPlace | undefined, address: number): boolean {
  if (owner === undefined) return true;
  return owner.kind === 'btt' || (owner.kind === 'memory' && address < owner.start);
}

/** Holds what the operation stored to the model; where only the kernel knows what belongs, anything goes from here on. */
export function checkStores(step: JudgedStep): void {
  const { state, outcome, operation, inner } = step;
  const { record } = state.life.subsystem.machine;
  const isMetadata = WRITES_METADATA.has(operation.kind);
  for (let entry = outcome.entries.from; entry < outcome.entries.to; entry++) {
    // What ran inside it was held to the model then.
    if (inner !== undefined && entry >= inner.from && entry < inner.to) continue;
    const data = record.dataOf(entry);
    if (data.length === 0) continue;
    const address = record.addresses[entry] ?? 0;
    if (isMetadata || isReserved(state.ownerOf(address), address))
      state.memory.forgetRoom(address, data.length, step.index);
    else checkBytes(step, address, data);
  }
}

function checkBytes(step: JudgedStep, address: number, data: Uint8Array): void {
  for (const { page, from, to, done } of pagesOf({
    space: step.state.memory,
    address,
    length: data.length,
    done: 0,
  }))
    eachRefusedByte(page, { from, to }, data, done, 'power failure', ({ offset, version, isOlder }) => {
      const at = page.index * PAGE_SIZE_BYTES + offset;
      step.find(isOlder ? 'lost again' : 'wrong', version?.operation ?? -1, at);
    });
}

/** After a success every byte that it wrote can be read. */
export function checkVisible(step: JudgedStep): void {
  for (const { space, written } of step.own) {
    if (!space.isMemory) continue;
    const { page, version } = written;
    const held = step.newest.page(page.index);
    eachRefusedByte(page, version, held, version.from, 'read', (refused) => {
      const at = page.index * PAGE_SIZE_BYTES + refused.offset;
      step.find('not there', refused.version?.operation ?? -1, at);
    });
  }
}
