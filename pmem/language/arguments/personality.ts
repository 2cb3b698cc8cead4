/** What a namespace is used as: `raw`, `btt 512`, `pfn ram align 4K`. */
import type { PersonalityShape } from '#kernel/subsystem/operation.ts';
import type { Argument } from '../argument.ts';
import { requireAlignment } from '../check-place.ts';
import { formatSize } from '../sizes.ts';

/** Alignment of a pfn or dax device when nothing else is said: a huge page. */
const DEFAULT_ALIGN_BYTES = 2 ** 21;

export const personality: Argument<PersonalityShape> = {
  usage: 'raw|btt SECTOR|pfn ram|pmem [align SIZE]|dax ram|pmem [align SIZE]',
  take: (reader) => {
    const type = reader.takeOneOf(['raw', 'btt', 'pfn', 'dax'] as const, 'a personality');
    if (type === 'raw') return { type };
    if (type === 'btt') return { type, sectorBytes: reader.takeSize() };
    const memmap = reader.takeOneOf(['ram', 'pmem'] as const, 'a place for struct pages');
    return { type, memmap, alignBytes: reader.takeIf('align') ? reader.takeSize() : DEFAULT_ALIGN_BYTES };
  },
  text: (value) => {
    if (value.type === 'raw') return 'raw';
    if (value.type === 'btt') return `btt ${formatSize(value.sectorBytes)}`;
    const { type, memmap, alignBytes } = value;
    return `${type} ${memmap}${alignBytes === DEFAULT_ALIGN_BYTES ? '' : ` align ${formatSize(alignBytes)}`}`;
  },
  check: (value, place) => {
    if ('alignBytes' in value) requireAlignment(value.alignBytes, place);
  },
  simpler: simplerPersonalities,
};

function* simplerPersonalities(value: PersonalityShape): Generator<PersonalityShape> {
  if (value.type === 'raw') return;
  yield { type: 'raw' };
  if (value.type === 'btt') {
    if (value.sectorBytes !== 512) yield { type: 'btt', sectorBytes: 512 };
    return;
  }
  if (value.alignBytes !== DEFAULT_ALIGN_BYTES) yield { ...value, alignBytes: DEFAULT_ALIGN_BYTES };
  if (value.memmap === 'pmem') yield { ...value, memmap: 'ram' };
}
