/**
 * Whatever namespaces are made and removed, labels bring back those that are left: uuid, size and room. How: random
 * sequences on the mock topology, then a reboot with the label areas of its dimms.
 */
import { array, assert, constant, constantFrom, nat, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../../../after/index.ts';
import { boot as bootBefore } from '../../../../before/index.ts';
import { parseWorkload } from '#pmem/language/notation.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import type { Subsystem } from '#kernel/subsystem/subsystem.ts';
import { isThorough } from '../../../support/thorough.ts';

const MIB = 2 ** 20;

const create = record({
  kind: constant('create namespace' as const),
  region: constantFrom('region0', 'region1', 'region2', 'region5', 'region6', 'region7'),
  sizeBytes: constantFrom(4 * MIB, 8 * MIB, 12 * MIB, 16 * MIB),
  personality: constant({ type: 'raw' as const }),
});

const destroy = record({
  kind: constant('destroy namespace' as const),
  namespace: tuple(constantFrom(0, 1, 2, 5, 6, 7), nat(2)).map(
    ([region, number]) => `namespace${region}.${number}`,
  ),
});

/** Block windows need a sector size, memory has none. */
function withSector(operation: Operation): Operation {
  const isBlk = operation.kind === 'create namespace' && /region[0-4]$/.test(operation.region);
  return isBlk ? { ...operation, sectorBytes: 512 } : operation;
}

function read(subsystem: Subsystem, path: string): string {
  const result = subsystem.perform({ kind: 'sysfs read', path: `/sys/bus/nd/devices/${path}` }, 0);
  return (result.text ?? '').trim();
}

/** What there is: uuid and size of each namespace, and the room that is left on each region. */
function inventory(subsystem: Subsystem): string[] {
  const list = subsystem.perform({ kind: 'sysfs list', path: '/sys/bus/nd/devices' }, 0).text ?? '';
  const devices = list.split(' ');
  const namespaces = devices
    .filter((name) => name.startsWith('namespace'))
    .map((name) => `${read(subsystem, `${name}/uuid`)} ${read(subsystem, `${name}/size`)}`)
    // A uuid without size is in no label yet.
    .filter((line) => !line.startsWith(' ') && !line.endsWith(' 0'));
  const room = devices
    .filter((name) => name.startsWith('region'))
    .map((name) => `${name} ${read(subsystem, `${name}/available_size`)}`);
  return [...namespaces.sort(), ...room];
}

const { boot: configuration } = parseWorkload('boot adr clwb nfit=mock0\nflush pmem5');

describe.each([
  ['before', bootBefore],
  ['after', bootAfter],
] as const)('labels in %s/', (_side, boot) => {
  it('should bring back every namespace that was there', () => {
    let created = 0;
    assert(
      property(array(oneof(create, create, destroy), { maxLength: 12 }), (operations) => {
        const subsystem = boot(configuration);
        for (const [index, operation] of operations.entries()) {
          const { returned } = subsystem.perform(withSector(operation), index + 1);
          if (operation.kind === 'create namespace' && returned === 0) created++;
        }
        const rebooted = boot({ ...configuration, carriedOver: subsystem.carriedOver() });
        expect(inventory(rebooted)).toEqual(inventory(subsystem));
      }),
      { numRuns: isThorough ? 60 : 15 },
    );
    expect(created).toBeGreaterThan(isThorough ? 100 : 5);
  });
});
