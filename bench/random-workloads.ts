/**
 * Random workloads with an eye to edges: of lines, pages, sectors, chunks and huge pages. Each picks a machine and the
 * few operations that it is made of, so that things meet that rarely do when everything is drawn at once.
 */
import { type Arbitrary, array, constantFrom, oneof, subarray } from 'fast-check';
import { diskOperations } from './random/disk-operations.ts';
import { fileOperations } from './random/file-operations.ts';
import { MACHINES, type Machine } from './random/machines.ts';

/** The text of a workload of up to `length` operations, one a line. */
export function anyWorkload(length: number): Arbitrary<string> {
  return constantFrom(...MACHINES).chain((machine) => {
    const families = familiesOf(machine);
    return subarray(Object.keys(families), { minLength: 3, maxLength: 9 }).chain((names) => {
      const wanted = Object.entries(families).filter(([name]) => names.includes(name));
      const operation = oneof(...wanted.map(([, family]) => family));
      return array(operation, { minLength: 1, maxLength: length, size: 'max' }).map((operations) =>
        [...machine.setup, ...operations].join('\n'),
      );
    });
  });
}

/** The operations that a machine can take, each family under its name. */
function familiesOf(machine: Machine): Record<string, Arbitrary<string>> {
  return {
    ...fileOperations(machine),
    ...diskOperations(machine),
    ...(machine.dm === true ? { reload: RELOADS } : {}),
    ...(machine.btt === true ? { personality: PERSONALITIES } : {}),
  };
}

const RELOADS = constantFrom(
  'dm dm-0 linear 512K pmem0@64K',
  'dm dm-0 linear 1M pmem0@0',
  'dm dm-0 linear 4K pmem0@0 error 64K linear 64K pmem0@0',
);

const PERSONALITIES = constantFrom(
  'personality pmem0 raw',
  'personality pmem0 btt 512',
  'check-namespace pmem0 force',
);
