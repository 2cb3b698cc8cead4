/**
 * The rules of this project about its own source: the removed api may not be reached from anywhere but the tree it
 * was removed from.
 */
import { defineRules, noReference, type Rule } from './define-rules.ts';

/** Rules over the project's own source (both trees, the machine, the kernel around them, the suite). */
export function projectRules(): readonly Rule[] {
  return defineRules({ rules: [removedSymbols()] }).rules;
}

function removedSymbols(): Rule {
  return noReference({
    id: 'PMEM-API-001',
    title: 'Nothing outside before/ reaches the global pmem api',
    because:
      'The series moves persistent-memory writes into the driver; a caller of the global api flushes caches for devices that did not ask for it.',
    instead:
      'Call the operations the driver publishes: daxCopyFromIter and daxFlush on the dax device, or the _flushcache copies inside drivers/nvdimm.',
    symbols: ['before/include/linux/pmem.ts#*'],
    files: ['{after,kernel,machine,conformance,checks,review,cli}/**', 'series/*.ts'],
    strict: true,
    tags: ['series', 'removed'],
  });
}
