// What `pmem-conform/rules` is to a program other than `conform`, which needs no file: the rule functions.
import { prepare, urlOf } from '../bin/start.mjs';

await prepare();
export const {
  apiReport,
  boundary,
  defineRules,
  exportReport,
  fallingCounts,
  language,
  layers,
  noCopy,
  noCycles,
  noOpaque,
  noReference,
  noUndeclared,
  noUnresolved,
  onlyInto,
  presenceTested,
  publicApi,
  siblings,
  tombstones,
} = await import(urlOf('checks/define-rules.ts'));
