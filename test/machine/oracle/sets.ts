/** Lists the images of an `ImageSet` through its public cells, and builds machines, for comparison with the oracle. */
import { powerOn, type Machine, type PowerFailDomain } from '#machine/hardware/machine.ts';
import type { ImageSet } from '#machine/images/image-set.ts';
import type { LevelSpan } from '#machine/order/crash-view.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { key } from './enumerate.ts';

export const BASE = 0x10000;

/** A machine with two persistent ranges (modules m0; m0 and m1), after `trace`, addresses relative to `BASE`. */
export function machineAfter(
  trace: string,
  domain: PowerFailDomain = 'adr',
  initial = new Map<number, Uint8Array>(),
): Machine {
  const machine = powerOn({
    domain,
    features: { clwb: true, clflushopt: true },
    ranges: [
      { name: 'pmem0', start: BASE, sizeBytes: 1 << 20, kind: 'persistent', modules: ['m0'] },
      {
        name: 'pmem1',
        start: BASE + (1 << 20),
        sizeBytes: 1 << 20,
        kind: 'persistent',
        modules: ['m0', 'm1'],
      },
      { name: 'dram', start: BASE + (2 << 20), sizeBytes: 1 << 20, kind: 'volatile', modules: [] },
    ],
    flushHints: [
      { address: BASE + 0, modules: ['m0'] },
      { address: BASE + 8, modules: ['m1'] },
    ],
    initialMedia: initial,
  });
  runTrace(machine.cpu, trace, BASE);
  return machine;
}

/** Every image of `set` as the oracle writes it. */
export function listImages(set: ImageSet, wordAddresses: readonly number[]): Set<string> {
  let partial: { spans: readonly LevelSpan[]; words: Map<number, Uint8Array> }[] = [
    { spans: [set.view.levels], words: new Map() },
  ];
  for (const cell of set.cells) {
    partial = partial.flatMap(({ spans, words }) =>
      cell.contents().flatMap((content) => {
        const both = spans.flatMap((one) =>
          content.spans
            .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
            .filter((span) => span.from <= span.to),
        );
        if (both.length === 0) return [];
        const next = new Map(words);
        cell.words.forEach((word, index) =>
          next.set(word.address, content.bytes.slice(index * 8, index * 8 + 8)),
        );
        return [{ spans: both, words: next }];
      }),
    );
  }
  return new Set(
    partial.map(({ words }) =>
      key(wordAddresses.flatMap((address) => [...(words.get(address) ?? set.requiredContent(address))])),
    ),
  );
}

export function sameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((item) => right.has(item));
}
