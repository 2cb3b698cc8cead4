/** Targets of device-mapper tables in the workload language. */
import type { DmMemberShape, DmTargetShape } from '#kernel/subsystem/operation.ts';
import { type WordReader, formatSize, wordError } from './words.ts';

/** `DISK@START`. */
function parseMember(reader: WordReader, text: string, column: number): DmMemberShape {
  const [disk = '', start, ...rest] = text.split('@');
  if (disk === '' || start === undefined || rest.length > 0) {
    throw wordError(
      reader.line,
      { text, column },
      `'${text}' is not a member`,
      'DISK@START, such as pmem0@0',
    );
  }
  return { disk, startBytes: reader.number({ text: start, column: column + disk.length + 1 }) };
}

/** The members of a stripe: `DISK@START`, several with commas between. */
function parseStripeMembers(reader: WordReader): DmMemberShape[] {
  const word = reader.take('DISK@START, and more of them with commas between');
  let { column } = word;
  return word.text.split(',').map((text) => {
    const member = parseMember(reader, text, column);
    column += text.length + 1;
    return member;
  });
}

/** The one member of a linear target or an origin; an origin is the whole of it. */
function parseOnlyMember(reader: WordReader, type: 'linear' | 'snapshot-origin'): DmMemberShape {
  const allowed =
    type === 'linear' ? 'DISK@START, such as pmem0@0' : 'DISK@0: an origin begins with its disk';
  const word = reader.take(allowed);
  if (word.text.includes(','))
    throw wordError(reader.line, word, `several members of one ${type} target`, allowed);
  const member = parseMember(reader, word.text, word.column);
  if (type === 'snapshot-origin' && member.startBytes !== 0)
    throw wordError(reader.line, word, `an origin from ${formatSize(member.startBytes)} on`, allowed);
  return member;
}

function parseTarget(reader: WordReader): DmTargetShape {
  const type = reader.takeOneOf(['linear', 'stripe', 'error', 'snapshot-origin'] as const, 'a target');
  const sizeBytes = reader.takeSize();
  if (type === 'error') return { type, sizeBytes, chunkBytes: 0, members: [] };
  if (type !== 'stripe') return { type, sizeBytes, chunkBytes: 0, members: [parseOnlyMember(reader, type)] };
  return {
    type: 'striped',
    sizeBytes,
    chunkBytes: reader.takeSize(),
    members: parseStripeMembers(reader),
  };
}

export function parseTargets(reader: WordReader): DmTargetShape[] {
  const targets: DmTargetShape[] = [];
  do targets.push(parseTarget(reader));
  while (reader.peek() !== undefined);
  return targets;
}

export function targetText({ type, sizeBytes, chunkBytes, members }: DmTargetShape): string {
  const memberTexts = members.map(({ disk, startBytes }) => `${disk}@${formatSize(startBytes)}`);
  const sizes = type === 'striped' ? [sizeBytes, chunkBytes] : [sizeBytes];
  const words = [type === 'striped' ? 'stripe' : type, ...sizes.map(formatSize), memberTexts.join(',')];
  return words.join(' ').trim();
}
