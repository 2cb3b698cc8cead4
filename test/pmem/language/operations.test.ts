import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../../support/project.ts';
import { formatStep, parseWorkload } from '#pmem/language/notation.ts';
import { OPERATIONS, descriptorOf, diskOf } from '#pmem/language/operations.ts';

/** The kinds of `Operation`, as its declaration lists them. */
function declaredKinds(): string[] {
  const source = readFileSync(`${rootFolder}/kernel/subsystem/operation.ts`, 'utf8');
  const declaration = /^export type Operation =$([^]*?)^\/\*\*/m.exec(source)?.[1] ?? '';
  return [...declaration.matchAll(/readonly kind: ([^;]+);/g)].flatMap(([, kinds = '']) =>
    [...kinds.matchAll(/'([^']+)'/g)].map(([, kind = '']) => kind),
  );
}

const usageOf = (kind: string) => OPERATIONS.find((descriptor) => descriptor.kind === kind)?.usage;

const diskIn = (text: string) => diskOf(parseWorkload(text).steps[0]!.operation);

describe('the operations of the language', () => {
  it('should be one for each kind that a kernel performs, and the power failures', () => {
    const kinds = declaredKinds();
    expect(kinds.length).toBeGreaterThan(40);
    expect(OPERATIONS.map(({ kind }) => kind).sort()).toEqual([...kinds, 'crash', 'crash inside'].sort());
  });

  it('should each have a name of their own', () => {
    const names = OPERATIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('should each be the one that its steps lead to', () => {
    for (const text of ['flush pmem0', 'store pmem0:/f @0 8', 'set-read-only pmem0 on', 'crash best']) {
      const [step] = parseWorkload(text).steps;
      const { name } = descriptorOf(step!.operation);
      expect(formatStep(step!.operation).startsWith(name)).toBe(true);
      expect(text.startsWith(name)).toBe(true);
    }
  });

  it('should derive usage from their arguments', () => {
    expect(usageOf('bio write')).toBe('DISK @OFFSET SIZE[,SIZE…] [from SIZE] [preflush] [fua]');
    expect(usageOf('raw write')).toBe('PMEM @OFFSET SIZE [atomic] [bytes HEX]');
    expect(usageOf('raw read')).toBe('PMEM @OFFSET SIZE [atomic]');
  });
});

describe('the disk of a step', () => {
  it('should be that of its file, its own, or that of the attribute', () => {
    expect(diskIn('fsync dm-0:/f')).toBe('dm-0');
    expect(diskIn('flush ram0')).toBe('ram0');
    expect(diskIn('sysfs read pmem0/queue/write_cache')).toBe('pmem0');
    expect(diskIn('sysfs read /sys/block/pmem0/size')).toBe('pmem0');
    expect(diskIn('pid 3')).toBeUndefined();
  });
});
