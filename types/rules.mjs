// What `pmem-conform/rules` is to a program other than `conform`, which needs no file: the rule functions from their source.
import { register } from 'tsx/esm/api';

const stop = register();
const rules = await import('../checks/define-rules.ts');
await stop();
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
} = rules;
