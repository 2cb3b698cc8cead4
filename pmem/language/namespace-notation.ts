/** The part of the workload language that makes, changes and removes namespaces, and what they need of dimms. */
import type { PersonalityShape } from '#kernel/subsystem/operation.ts';
import { type OperationNotation, notation } from './operation-notation.ts';
import { type WordReader, formatSize } from './words.ts';

/** Alignment of a pfn or dax device when nothing else is said: a huge page. */
const DEFAULT_ALIGN_BYTES = 2 ** 21;

function parsePersonality(reader: WordReader): PersonalityShape {
  const type = reader.takeOneOf(['raw', 'btt', 'pfn', 'dax'] as const, 'a personality');
  if (type === 'raw') return { type };
  if (type === 'btt') return { type, sectorBytes: reader.takeSize() };
  const memmap = reader.takeOneOf(['ram', 'pmem'] as const, 'a place for struct pages');
  return { type, memmap, alignBytes: reader.takeIf('align') ? reader.takeSize() : DEFAULT_ALIGN_BYTES };
}

function personalityText(personality: PersonalityShape): string {
  if (personality.type === 'raw') return 'raw';
  if (personality.type === 'btt') return `btt ${formatSize(personality.sectorBytes)}`;
  const { type, memmap, alignBytes } = personality;
  return `${type} ${memmap}${alignBytes === DEFAULT_ALIGN_BYTES ? '' : ` align ${formatSize(alignBytes)}`}`;
}

const PERSONALITY_USAGE = 'raw|btt SECTOR|pfn ram|pmem [align SIZE]|dax ram|pmem [align SIZE]';

const DISK_ALLOWED = 'the disk of a namespace, such as pmem0 or ndblk0.0';

/** Operations on namespaces as a whole. */
export const NAMESPACE_OPERATIONS: readonly OperationNotation[] = [
  notation(
    'personality',
    'personality',
    `DISK ${PERSONALITY_USAGE}`,
    'makes a namespace a plain disk, a BTT (disk DISKs), a pfn or a dax device; struct pages in RAM or on the device',
    (reader) => ({
      kind: 'personality',
      disk: reader.take(DISK_ALLOWED).text,
      personality: parsePersonality(reader),
    }),
    ({ disk, personality }) => `${disk} ${personalityText(personality)}`,
  ),
  notation(
    'check namespace',
    'check-namespace',
    'PMEM [force] [repair]',
    'ndctl check-namespace: checks the BTT on a detached namespace; `force` detaches it for that, `repair` puts right what can be',
    (reader) => ({
      kind: 'check namespace',
      disk: reader.take(DISK_ALLOWED).text,
      force: reader.takeIf('force'),
      repair: reader.takeIf('repair'),
    }),
    ({ disk, force, repair }) => `${disk}${force ? ' force' : ''}${repair ? ' repair' : ''}`,
  ),
  notation(
    'create namespace',
    'create-namespace',
    `REGION SIZE [sector SIZE] ${PERSONALITY_USAGE}`,
    'gives the next namespace of a region a uuid, a sector size (block windows only) and a size, and binds it',
    (reader) => {
      const region = reader.take('a region, such as region5').text;
      const sizeBytes = reader.takeSize();
      const sector = reader.takeIf('sector') ? { sectorBytes: reader.takeSize() } : {};
      return {
        kind: 'create namespace',
        region,
        sizeBytes,
        ...sector,
        personality: parsePersonality(reader),
      };
    },
    ({ region, sizeBytes, sectorBytes, personality }) => {
      const sector = sectorBytes === undefined ? '' : ` sector ${formatSize(sectorBytes)}`;
      return `${region} ${formatSize(sizeBytes)}${sector} ${personalityText(personality)}`;
    },
  ),
  notation(
    'destroy namespace',
    'destroy-namespace',
    'NAMESPACE',
    'unbinds what is over a namespace, and gives its room and its labels back',
    (reader) => ({
      kind: 'destroy namespace',
      namespace: reader.take('a namespace, such as namespace5.0').text,
    }),
    ({ namespace }) => namespace,
  ),
  notation(
    'zero labels',
    'zero-labels',
    'DIMM',
    'wipes the label area of a dimm; its regions must be unbound',
    (reader) => ({ kind: 'zero labels', dimm: reader.take('a dimm, such as nmem0').text }),
    ({ dimm }) => dimm,
  ),
  notation(
    'fail commands',
    'fail-commands',
    'DIMM MASK',
    'the dimm fails commands from here on: bit 4 for get_config_size, 5 for get_config_data, 6 for set_config_data',
    (reader) => ({
      kind: 'fail commands',
      dimm: reader.take('a dimm, such as nmem0').text,
      mask: reader.takeSize(),
    }),
    ({ dimm, mask }) => `${dimm} 0x${mask.toString(16)}`,
  ),
];
