/** Tables of mapped devices: `linear 1M pmem0@0 stripe 16K 4K pmem0@1M,ram0@0 error 4K`. */
import type { DmMemberShape, DmTargetShape } from '#kernel/subsystem/operation.ts';
import type { Argument } from '../argument.ts';
import type { Word } from '../lines.ts';
import { formatSize } from '../sizes.ts';
import { smallerNumbers } from './smaller.ts';
import type { WordReader } from '../words.ts';

/** The targets of a table, in the order in which they follow one another on the device. */
export const table: Argument<readonly DmTargetShape[]> = {
  usage:
    'linear SIZE DISK@START|stripe SIZE CHUNK DISK@START,DISK@START…|error SIZE|snapshot-origin SIZE DISK@0 …',
  take: (reader) => {
    const targets: DmTargetShape[] = [];
    do targets.push(takeTarget(reader));
    while (reader.peek() !== undefined);
    return targets;
  },
  text: (targets) => targets.map(targetText).join(' '),
  simpler: simplerTables,
  mapDisks: (targets, rename) =>
    targets.map((target) => ({
      ...target,
      members: target.members.map(({ disk, startBytes }) => ({ disk: rename(disk), startBytes })),
    })),
};

function takeTarget(reader: WordReader): DmTargetShape {
  const type = reader.takeOneOf(['linear', 'stripe', 'error', 'snapshot-origin'] as const, 'a target');
  const sizeBytes = reader.takeSize();
  if (type === 'error') return { type, sizeBytes, chunkBytes: 0, members: [] };
  if (type !== 'stripe') return { type, sizeBytes, chunkBytes: 0, members: [takeOnlyMember(reader, type)] };
  return { type: 'striped', sizeBytes, chunkBytes: reader.takeSize(), members: takeStripeMembers(reader) };
}

/** The one member of a linear target or an origin; an origin is the whole of it. */
function takeOnlyMember(reader: WordReader, type: 'linear' | 'snapshot-origin'): DmMemberShape {
  const allowed =
    type === 'linear' ? 'DISK@START, such as pmem0@0' : 'DISK@0: an origin begins with its disk';
  const word = reader.take(allowed);
  if (word.text.includes(',')) throw reader.error(word, `several members of one ${type} target`, allowed);
  const member = memberIn(reader, word);
  if (type === 'snapshot-origin' && member.startBytes !== 0)
    throw reader.error(word, `an origin from ${formatSize(member.startBytes)} on`, allowed);
  return member;
}

/** The members of a stripe: `DISK@START`, several with commas between. */
function takeStripeMembers(reader: WordReader): DmMemberShape[] {
  const word = reader.take('DISK@START, and more of them with commas between');
  let { column } = word;
  return word.text.split(',').map((text) => {
    const member = memberIn(reader, { text, column });
    column += text.length + 1;
    return member;
  });
}

/** `DISK@START`. */
function memberIn(reader: WordReader, word: Word): DmMemberShape {
  const [disk = '', start, ...rest] = word.text.split('@');
  if (disk === '' || start === undefined || rest.length > 0)
    throw reader.error(word, `'${word.text}' is not a member`, 'DISK@START, such as pmem0@0');
  return { disk, startBytes: reader.number({ text: start, column: word.column + disk.length + 1 }) };
}

function targetText({ type, sizeBytes, chunkBytes, members }: DmTargetShape): string {
  const memberTexts = members.map(({ disk, startBytes }) => `${disk}@${formatSize(startBytes)}`);
  const sizes = type === 'striped' ? [sizeBytes, chunkBytes] : [sizeBytes];
  const words = [type === 'striped' ? 'stripe' : type, ...sizes.map(formatSize), memberTexts.join(',')];
  return words.join(' ').trim();
}

/** A target less, a linear target in place of another with members, then starts nearer to the beginning. */
function* simplerTables(targets: readonly DmTargetShape[]): Generator<DmTargetShape[]> {
  if (targets.length > 1) for (const index of targets.keys()) yield targets.toSpliced(index, 1);
  for (const [index, target] of targets.entries())
    for (const simpler of simplerTargets(target)) yield targets.toSpliced(index, 1, simpler);
}

function* simplerTargets(target: DmTargetShape): Generator<DmTargetShape> {
  const { type, sizeBytes, members } = target;
  if (type === 'striped' || type === 'snapshot-origin')
    for (const member of members) yield { type: 'linear', sizeBytes, chunkBytes: 0, members: [member] };
  if (type === 'striped' && members.length > 2)
    for (const index of members.keys()) yield { ...target, members: members.toSpliced(index, 1) };
  for (const [index, { disk, startBytes }] of members.entries())
    for (const start of smallerNumbers(startBytes))
      yield { ...target, members: members.toSpliced(index, 1, { disk, startBytes: start }) };
}
