/** Which standing defect of docs/DEFECTS.md a finding is one of; by what the workload does, not by what it is called. */
import { parseSize } from '../language/sizes.ts';
import type { PromiseFinding } from '../promise/promise.ts';

interface Defect {
  /** As docs/DEFECTS.md has it in its first column, or in words of its second. */
  readonly id: string;
  readonly isShownBy: (finding: PromiseFinding, workload: string) => boolean;
  /** It is gone after the series. */
  readonly isMended?: true;
  /** The series brings it in, or makes it reachable. */
  readonly isBroughtIn?: true;
}

const isLost = ({ rule }: PromiseFinding): boolean => rule === 'lost';

/** Findings of poison: what the kernel knows of it and what is so are two things. */
const isOfPoison = ({ rule }: PromiseFinding): boolean =>
  rule === 'over poison' || rule === 'refused' || rule === 'poison as data';

/** Bytes of a `poison` operation that reach into a sector in whose first 512 bytes it does not begin. */
function crossesSector(workload: string): boolean {
  return [...workload.matchAll(/^poison \S+ @(\S+) (\S+)$/gm)].some(
    ([, offset = '', size = '']) => ((parseSize(offset) ?? 0) % 512) + (parseSize(size) ?? 0) > 512,
  );
}

const DEFECTS: readonly Defect[] = [
  {
    id: 'B4',
    isMended: true,
    isShownBy: (finding) =>
      isLost(finding) && finding.writer.startsWith('raw write') && finding.index === finding.writerIndex,
  },
  {
    id: 'B6',
    // Before the series a later write to the line may have written it back by the way.
    isBroughtIn: true,
    isShownBy: (finding) => isLost(finding) && / readable /.test(finding.writer),
  },
  {
    id: 'B5',
    isMended: true,
    isShownBy: (finding) => isLost(finding) && /^dax write .* iov \S+,/.test(finding.writer),
  },
  {
    id: 'B11',
    isBroughtIn: true,
    isShownBy: (finding, workload) =>
      (isLost(finding) || finding.rule === 'order') &&
      workload.startsWith('boot eadr') &&
      workload.includes('write_cache "write through"'),
  },
  {
    id: 'B14',
    isShownBy: ({ operation }, workload) =>
      (workload.match(/^dm dm-0 /gm)?.length ?? 0) > 1 && /dm-\d:/.test(operation),
  },
  {
    id: 'B15',
    isShownBy: (finding, workload) =>
      isLost(finding) && /^mmap .* by B/m.test(workload) && / by B/.test(finding.writer),
  },
  {
    id: 'a file that is cut in the middle of a dirty 2 MiB entry',
    isShownBy: (finding, workload) =>
      isLost(finding) && finding.writer.startsWith('store') && /^truncate/m.test(workload),
  },
  { id: 'G', isShownBy: ({ rule, operation }) => rule === 'read' && /^page read pmem\S+s/.test(operation) },
  { id: 'p', isShownBy: (_, workload) => workload.includes('ram-below') },
  {
    id: 'a bus without commands',
    isShownBy: (finding, workload) => isOfPoison(finding) && workload.includes('e820='),
  },
  {
    id: 'd',
    isBroughtIn: true,
    isShownBy: (finding, workload) => isOfPoison(finding) && /^boot .*volatile/.test(workload),
  },
  {
    id: 'a power failure between the labels of two dimms',
    isShownBy: ({ rule }, workload) => rule === 'namespace' && workload.includes('labels'),
  },
  { id: 'r', isShownBy: (finding, workload) => isOfPoison(finding) && /^machine-check/m.test(workload) },
  { id: 'y', isShownBy: ({ rule }, workload) => rule === 'refused' && /^clear-error/m.test(workload) },
  { id: 'l', isShownBy: (finding, workload) => isOfPoison(finding) && crossesSector(workload) },
];

/**
 * The defect that a finding shows; `isAfter`: on a tree at the end of the series; `isNew`: the tree before it does not have the finding.
 * `undefined` for none. Before step 12 no driver binds to a volatile region, so what shows on one is new there.
 */
export function defectOf(
  finding: PromiseFinding,
  workload: string,
  isAfter: boolean,
  isNew = false,
): string | undefined {
  const mayBeNew = /^boot .*volatile/.test(workload);
  return DEFECTS.find(
    ({ isMended, isBroughtIn, isShownBy }) =>
      !(isAfter && isMended === true) &&
      !(isNew && isBroughtIn !== true && !mayBeNew) &&
      isShownBy(finding, workload),
  )?.id;
}

/** A volatile region with hints on some of its dimms only: since step 12 it is flushed, and the kernel dies. */
const MIXED_VOLATILE = /^boot .*hints=(?=[\d+]*[1-9])(?=(?:\d+\+)*0[+,])[\d+]*,volatile/;

/** The defect that a difference shows; `died` is what kernels of the two runs died of, after which nothing is alike. */
export function differenceDefectOf(died: readonly string[], workload: string): string | undefined {
  if (died.some((text) => text.includes('nd_region drvdata'))) return 'A';
  return died.some((text) => text.includes('flush_wpq')) || MIXED_VOLATILE.test(workload) ? 'd' : undefined;
}

/** All of them. */
export const DEFECT_IDS: readonly string[] = DEFECTS.map(({ id }) => id);
