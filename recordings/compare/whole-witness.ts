/** Images that tell two runs apart where more than one line decides: while something is in flight, and at any time. */
import { CrashHistory } from '#machine/images/crash-images.ts';
import { relate } from '#machine/images/image-set-relation.ts';
import { WORD_SIZE_BYTES } from '#machine/hardware/units.ts';
import type { PersistsBefore } from '#machine/order/persists-before.ts';
import type { LineWitness, WitnessWord } from './witness.ts';

type Orders = readonly [PersistsBefore, PersistsBefore];

/** A witness among the images that are possible until an acknowledgement, which is an entry of each record. */
export function witnessInFlight(orders: Orders, entries: readonly [number, number]): LineWitness | undefined {
  const [before, after] = ([0, 1] as const).map((side) => {
    const index = orders[side].acknowledgements.findIndex(({ entry }) => entry === entries[side]);
    return new CrashHistory(orders[side]).inFlight(index);
  });
  return before === undefined || after === undefined ? undefined : witnessOf(relate(before, after));
}

/** A witness among the images that are possible at any time. */
export function witnessAnywhere(before: PersistsBefore, after: PersistsBefore): LineWitness | undefined {
  return witnessOf(relate(new CrashHistory(before).anywhere(), new CrashHistory(after).anywhere()));
}

function witnessOf(compared: ReturnType<typeof relate>): LineWitness | undefined {
  const witness = compared.onlyAfter ?? compared.onlyBefore;
  if (witness === undefined) return undefined;
  const isAfter = compared.onlyAfter !== undefined;
  const bytes = witness.bytes.filter(({ isDecisive }) => isDecisive);
  const words: WitnessWord[] = [];
  for (let start = 0; start < bytes.length; start += WORD_SIZE_BYTES) {
    const part = bytes.slice(start, start + WORD_SIZE_BYTES);
    const own = Uint8Array.from(part, ({ value }) => value);
    const other = Uint8Array.from(part, ({ otherValue }) => otherValue);
    const entry = part.find((byte) => byte.entry !== undefined)?.entry;
    words.push({
      address: part[0]?.address ?? 0,
      before: isAfter ? other : own,
      after: isAfter ? own : other,
      beforeEntry: isAfter ? undefined : entry,
      afterEntry: isAfter ? entry : undefined,
      beforeStored: undefined,
      afterStored: undefined,
    });
  }
  return { allowedBy: isAfter ? 'after' : 'before', words, isOtherData: false };
}
