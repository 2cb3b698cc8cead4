import { describe, expect, it } from 'vitest';
import { checkWorkload } from '#pmem/language/check-workload.ts';
import { formatStep, parseWorkload } from '#pmem/language/notation.ts';
import { simplerWorkloads } from '#pmem/language/simpler.ts';

const again = (text: string): string | undefined => {
  const [step] = parseWorkload(text).steps;
  return step === undefined ? undefined : formatStep(step.operation);
};

describe('where the memory of data begins', () => {
  it.each([
    'dax write pmem0:/f @0 bvec 512 from 100',
    'dax write pmem0:/f @0 bvec 512 from 0',
    'dax write pmem0:/f @0 iov 64,64 from 4095 readable 70 sync',
    'dax read pmem0:/f @0 bvec 64 from 1',
    'bio write pmem0 @0 512,512 from 8 fua',
    'bio read pmem0 @0 512 from 8',
  ])('should be written and read back: %s', (text) => expect(again(text)).toBe(text));

  it.each([
    ['dax write pmem0:/f @0 bvec 8 from 4096', 'places in a page: 0 to 4095'],
    ['bio write pmem0 @0 512 from 5000', 'places in a page: 0 to 4095'],
    ['dax write pmem0:/f @0 pipe 8 from 1', 'from for iov, kvec and bvec'],
  ])('should be refused: %s', (text, allowed) =>
    expect(() => checkWorkload(parseWorkload(text))).toThrow(allowed),
  );

  it('should be left out first, then come nearer to the beginning', () => {
    const texts = [...simplerWorkloads(parseWorkload('bio write pmem0 @0 512 from 100'))].map(
      ({ steps }) => steps[0] && formatStep(steps[0].operation),
    );
    expect(texts.slice(0, 3)).toEqual([
      'bio write pmem0 @0 512',
      'bio write pmem0 @0 512 from 0',
      'bio write pmem0 @0 512 from 1',
    ]);
  });
});
