/** The hash of all in this project that a run and a comparison follow from besides tree and workload. */
import { hashOfParts } from '#base/hash.ts';
import { ownHash } from '#base/own-package.ts';

/** Reports and scenarios do not belong to it. */
export function sourcesHash(): string {
  return hashOfParts([
    ownHash('base'),
    ownHash('kernel'),
    ownHash('machine/hardware'),
    ownHash('machine/images'),
    ownHash('machine/nfit'),
    ownHash('machine/order'),
    ownHash('pmem/language'),
    ownHash('pmem/run'),
    ownHash('pmem/compare'),
    ownHash('pmem/promise'),
    ownHash('pmem/parts'),
    // What turns runs into facts and differences.
    ownHash('pmem/subject.ts'),
    ownHash('pmem/tried.ts'),
    ownHash('pmem/conditions.ts'),
    ownHash('pmem/tree-module.ts'),
  ]);
}
