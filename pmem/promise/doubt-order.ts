/** Bytes that one operation writes twice, or two at the same time: which came last nobody can tell, so either content is allowed. */
import type { JudgedStep } from './step.ts';
import type { Page, Version } from './versions.ts';

/** Leaves open whether versions of the operation are there, where something of the same time may lie over them. */
export function doubtOrder({ own, index, inner, rival }: JudgedStep): void {
  const written = own.map((one) => one.written);
  if (rival !== undefined)
    for (const { page, version } of written)
      version.isMaybe ||= isShared(page, version, rival, inner !== undefined);
  if (!written.some(({ version }) => isFill(version))) return;
  for (const { page, version } of written) version.isMaybe ||= isFilledOver(page, version, index);
}

const isFill = ({ route }: Version): boolean => route.kind === 'file' && route.isFill;

const overlap = (left: Version, right: Version): boolean => left.from < right.to && right.from < left.to;

/**
 * Whether an operation that ran at the same time wrote there too, by whatever way. Which of both a new block was made for nobody can tell,
 * so its zeros may be there or not under what the other one wrote. `isOuter`: the other one ran inside this one.
 */
function isShared({ versions }: Page, version: Version, rival: number, isOuter: boolean): boolean {
  if (!isOuter && !isFill(version)) return false;
  return versions.some(
    (other) => other.operation === rival && overlap(other, version) && (isFill(version) || !isFill(other)),
  );
}

/**
 * Whether a new block of the same operation lies over data at another place in the file: mapped devices may have two targets over the same
 * part of a member. The kernel takes page after page, so the block is zeroed when the data is there.
 */
function isFilledOver({ versions }: Page, version: Version, index: number): boolean {
  if (isFill(version)) return false;
  return versions.some(
    (other) =>
      other.operation === index &&
      isFill(other) &&
      overlap(other, version) &&
      other.position - other.from !== version.position - version.from,
  );
}
