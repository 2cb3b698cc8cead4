/** What is said of instructions and crash points, in words. */
import type { Timeline, TimelineInstruction } from '#base/timeline.ts';
import { imagesAt, instructionAt, operationAt, type TimelineModel } from './model.ts';

/** An offset as readers of memory write it. */
export const hexOffset = (offset: number): string => `0x${offset.toString(16).padStart(4, '0')}`;

/** The place of a word: `0x0040`, with the disk or file in front where there are several. */
export function wordName(timeline: Timeline, word: number): string {
  const { place = '', offset = 0, name } = timeline.words[word] ?? {};
  if (name !== undefined) return name;
  return hasPlaces(timeline) ? `${place} ${hexOffset(offset)}` : hexOffset(offset);
}

/** Whether words of several disks or files are shown. */
export function hasPlaces({ words }: Timeline): boolean {
  return words.at(0)?.place !== words.at(-1)?.place;
}

/** One instruction: `movnti 8 bytes at 0x0008`. */
export function say(instruction: TimelineInstruction | undefined): string {
  if (instruction === undefined) return '';
  const { kind, text, offset, sizeBytes = 0, count = 1, thread, name } = instruction;
  const cpu = thread === undefined ? '' : `, thread ${thread}`;
  const at = name ?? hexOffset(offset ?? 0);
  const times = count > 1 ? ` and ${count - 1} more` : '';
  if (kind === 'return') return `returned${cpu}`;
  if (kind === 'earlier' || kind === 'told') return `${text}${cpu}`;
  if (kind === 'flush hint') return `flush hint ${text.slice(1)}${cpu}`;
  if (offset === undefined) return `${kind}${cpu}`;
  if (kind === 'clwb' || kind === 'clflushopt' || kind === 'clflush')
    return `${kind} line ${at}${times}${cpu}`;
  return `${kind} ${sizeBytes} ${sizeBytes === 1 ? 'byte' : 'bytes'} at ${at}${times}${cpu}`;
}

/** An instruction in the few letters that fit a column; its letter alone where there is no room. */
export function columnLabel({ kind, text, name }: TimelineInstruction, widthPixels: number): string {
  if (kind === 'return') return widthPixels < LETTER * 3 ? 'r' : 'ret';
  if (kind === 'power failure') return '⚡';
  if (kind === 'earlier') return '…';
  if (kind === 'told') return '!';
  const plain = text.replace(/^.*@/, '').replace(/:.*$/, '');
  const short = name === undefined ? plain : `${plain.slice(0, 1)} ${name}`;
  return short.length * LETTER <= widthPixels ? short : short.slice(0, 1);
}

/** Pixels of a letter in a column's head. */
const LETTER = 6.8;

/** `1 image`, `12 images`, `2^70.5 images`; what was not counted says so. */
export function imagesText(images: string | null): string {
  return images === null ? 'too many images to count' : `${images} ${images === '1' ? 'image' : 'images'}`;
}

/** When the power fails: `after sfence`, `once 'fsync pmem0:/f' has returned`. */
export function momentText(model: TimelineModel, point: number): string {
  const { timeline } = model;
  if (point === 0) return 'before the first instruction';
  const [left, right] = [0, 1].map((side) => instructionAt(timeline, point - 1, side));
  const first = left ?? right;
  if (first?.kind === 'power failure') return 'again, before the next boot has stored anything';
  if (first?.kind === 'return') return `once '${operationAt(model, point)}' has returned`;
  const names = timeline.sides.map(({ name }) => name);
  if (timeline.sides.length < 2 || (left !== undefined && right !== undefined)) return `after ${say(first)}`;
  return `after ${say(first)} (${left === undefined ? names[1] : names[0]} only)`;
}

/** The whole crash point, for those who do not see the picture. */
export function pointText(model: TimelineModel, point: number): string {
  const { timeline } = model;
  const operation = operationAt(model, point);
  const moment = momentText(model, point);
  const where = operation === '' || moment.startsWith('once ') ? '' : `, in ${operation}`;
  const images = timeline.sides.map(
    ({ name }, side) =>
      `${imagesText(imagesAt(model, side, point))}${timeline.sides.length > 1 ? ` ${name}` : ''}`,
  );
  return `Power fails ${moment}${where}: ${images.join(', ')}`;
}
