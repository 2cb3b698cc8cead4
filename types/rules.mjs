// What `pmem-conform/rules` is to a program other than `conform`, which needs no file: the rule functions.
import { load } from '../bin/start.mjs';

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
} = await load('checks/define-rules.ts');
