/**
 * The rules inside a tree of the series, each in force from the step that makes it true. File names are those inside
 * a tree. The tombstones come from the tree before the series, so that they cannot drift from what was removed.
 */
import path from 'node:path';
import {
  apiReport,
  boundary,
  defineRules,
  noReference,
  onlyInto,
  presenceTested,
  tombstones,
  type Rule,
  type Tombstone,
} from '#checks/define-rules.ts';
import type { RuleHeader } from '#checks/rule.ts';
import type { SeriesRules } from '#checks/series.ts';
import { ownProjectFolder } from '#base/own-project.ts';
import { projectRules } from './project-rules.ts';

const ROOT = ownProjectFolder();

/** Symbols the series removes, as they are named before it. */
const REMOVED_SYMBOLS: readonly string[] = ['include/linux/pmem.ts#*'];

/** Rules over the trees of the series. */
function treeRules(removed: readonly Tombstone[]): readonly Rule[] {
  return defineRules({
    rules: [...removalRules(removed), ...layerRules(), ...operationRules()],
  }).rules;
}

function removalRules(removed: readonly Tombstone[]): readonly Rule[] {
  return [
    tombstones({
      id: 'PMEM-API-002',
      title: 'The global pmem api stays removed',
      because:
        'While callers are converted, new ones may appear under the old names; a name that returns brings them back.',
      instead: 'Use daxCopyFromIter and daxFlush, or the _flushcache copies inside drivers/nvdimm.',
      tombstones: removed,
      // Patch 10 moves how the driver maps its memory into the driver's own header.
      acknowledged: ['drivers/nvdimm/pmem.h.ts#archMemremapPmem'],
      from: 10,
      strict: true,
      tags: ['series', 'removed'],
    }),
    noReference({
      id: 'PMEM-API-003',
      title: 'fs/ no longer calls the global pmem api',
      because:
        'fs/dax is used over drivers whose memory is not persistent; only the driver knows what its memory needs.',
      instead: 'Call daxCopyFromIter and daxFlush of the dax device.',
      symbols: ['include/linux/pmem.ts#*'],
      files: ['fs/**'],
      from: 7,
      until: 10,
      tags: ['series', 'removed'],
    }),
  ];
}

function layerRules(): readonly Rule[] {
  return [
    boundary({
      id: 'PMEM-MOD-001',
      title: 'fs/ does not name the architecture nor the global pmem api',
      because: 'A file system knows its device by the operations the driver publishes, not by the processor.',
      instead: 'Go through the dax device.',
      files: ['fs/**'],
      mustNotImport: ['arch/**', 'include/linux/pmem.ts'],
      from: 7,
      mayBeEmpty: true,
      tags: ['series', 'modules'],
    }),
    noReference({
      id: 'PMEM-ARC-001',
      title: 'Only drivers/nvdimm/ names archWbCachePmem',
      because: 'Writing back caches for persistent memory is the business of the driver that owns it.',
      instead: 'Call daxFlush of the dax device.',
      symbols: ['arch/x86/include/asm/pmem.ts#archWbCachePmem'],
      except: ['drivers/nvdimm/**'],
      from: 10,
      tags: ['series', 'architecture'],
    }),
    noReference({
      id: 'PMEM-ARC-002',
      title: 'Only architecture code stores, writes back and fences',
      because:
        'What reaches persistence is decided by machine instructions; they must be in one place to be read.',
      instead: 'Call the copy and flush helpers of arch/x86.',
      symbols: ['store', 'storeRange', 'storeString', 'storeNonTemporal', 'storeNonTemporalRange']
        .concat(['writeBack', 'writeBackRange', 'sfence', 'mfence', 'storeFlushHint'])
        .map((instruction) => `#machine/hardware/cpu.ts#Cpu.${instruction}`),
      files: ['{fs,drivers,include,lib}/**'],
      strict: true,
      tags: ['architecture'],
    }),
  ];
}

function operationRules(): readonly Rule[] {
  return [
    apiReport({
      id: 'PMEM-API-005',
      title: 'What a tree exports equals its committed report',
      because:
        'A step may change the api only where its contract says so, and a reviewer should see it as text.',
      instead: 'If the change is meant, run conform lint --update-api and commit the report.',
      files: ['**/*.ts'],
      report: path.join(ROOT, 'checks', 'api', 'step-{step}.txt'),
      mayBeEmpty: true,
      tags: ['series', 'api'],
    }),
    presenceTested({
      id: 'PMEM-OPT-001',
      title: 'copyFromIter of a dax device is called only when it is published',
      because: 'Only pmem and device-mapper publish it; over the other drivers the default copy is right.',
      instead: 'Test for it and fall back to copyFromIter of lib/iov_iter.ts.',
      operations: ['include/linux/dax.ts#DaxOperations'],
      from: 2,
      tags: ['series', 'operations'],
    }),
    presenceTested({
      id: 'PMEM-OPT-002',
      title: 'Optional operations of a device-mapper target are tested before they are called',
      because: 'A target that publishes no flush maps devices that need none.',
      instead: 'Test for the operation first.',
      operations: ['include/linux/device-mapper.ts#TargetType'],
      from: 2,
      tags: ['series', 'operations'],
    }),
    onlyInto({
      id: 'PMEM-SLT-001',
      title: 'The dax functions of a device-mapper target live in its TargetType',
      because: 'Calls through a table are safe to leave alone only when what is stored there is controlled.',
      instead: 'Publish the function in the table of its target.',
      symbols: [
        'drivers/md/dm-linear.ts#linearDaxCopyFromIter',
        'drivers/md/dm-linear.ts#linearDaxFlush',
        'drivers/md/dm-stripe.ts#stripeDaxCopyFromIter',
        'drivers/md/dm-stripe.ts#stripeDaxFlush',
      ],
      slots: ['include/linux/device-mapper.ts#TargetType'],
      from: 5,
      strict: true,
      tags: ['series', 'slots'],
    }),
  ];
}

/** The rule over the series as a whole. */
const TREND_RULE: RuleHeader = {
  id: 'PMEM-API-004',
  title: 'Callers of what the series removes never increase from step to step',
  because:
    'A series that removes an api must not add callers of it on the way; a bisection would stop at the wrong step.',
  instead: 'Convert the caller in the step that adds it, or order the steps differently.',
  strict: true,
  tags: ['series', 'removed'],
};

/** All rules of this series. */
export const seriesRules: SeriesRules = {
  tsconfig: path.join(ROOT, 'tsconfig.json'),
  base: ROOT,
  project: projectRules(),
  projectName: 'series/project-rules.ts',
  treesName: 'series/rules.ts',
  removedSymbols: REMOVED_SYMBOLS,
  trees: treeRules,
  trend: TREND_RULE,
};
