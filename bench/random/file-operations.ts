/** Random operations on files, each family under its name. */
import { type Arbitrary, constantFrom, integer, option, tuple } from 'fast-check';
import type { Machine } from './machines.ts';
import { file, offset, pageNumber, size, vector } from './places.ts';

const by = (name: string | undefined): string => (name === undefined ? '' : ` by ${name}`);

/** The operations that files of a machine can take. */
export function fileOperations(machine: Machine): Record<string, Arbitrary<string>> {
  const process =
    machine.processes === true ? option(constantFrom('A', 'B'), { nil: undefined }) : constantFrom(undefined);
  const on = tuple(constantFrom(...machine.disks), file).map(([name, path]) => `${name}:${path}`);
  return {
    daxWrite: tuple(on, offset, vector, constantFrom('', '', ' sync'), constantFrom(0, 0, 0, 1)).map(
      ([target, at, [kind, lengths], sync, cut]) => {
        const readable = cut === 1 && kind === 'iov' ? ` readable ${Math.max(1, (at * 7) % 90)}` : '';
        return `dax write ${target} @${at} ${kind} ${lengths}${readable}${sync}`;
      },
    ),
    daxRead: tuple(on, offset, size).map(([target, at, bytes]) => `dax read ${target} @${at} iov ${bytes}`),
    store: tuple(on, offset, constantFrom(1, 2, 4, 8, 8, 64, 100), process).map(
      ([target, at, bytes, name]) => `store ${target} @${at} ${bytes}${by(name)}`,
    ),
    load: tuple(on, offset, constantFrom(1, 8, 64), process).map(
      ([target, at, bytes, name]) => `load ${target} @${at} ${bytes}${by(name)}`,
    ),
    fsync: on.map((target) => `fsync ${target}`),
    msync: tuple(on, pageNumber, integer({ min: 1, max: 3 })).map(
      ([target, page, pages]) => `msync ${target} @${page * 4096} ${pages * 4096 - 96}`,
    ),
    zero: tuple(constantFrom('zero', 'zero-in-place', 'punch'), on, offset, size).map(
      ([kind, target, at, bytes]) => `${kind} ${target} @${at} ${bytes}`,
    ),
    mmap: tuple(on, pageNumber, integer({ min: 1, max: 3 })).map(
      ([target, page, pages]) => `mmap ${target} @${page * 4096} ${pages * 4096} by B`,
    ),
    truncate: tuple(on, offset).map(([target, bytes]) => `truncate ${target} ${bytes}`),
    create: tuple(on, constantFrom('8K', '64K'), constantFrom('mapped', 'unwritten', 'hole')).map(
      ([target, bytes, blocks]) => `create ${target} ${bytes} ${blocks}`,
    ),
  };
}
