/**
 * The scenarios of the suite, in the order of the report: files in the folder `suite/`, and tables of the fact files that
 * are written out as scenarios by code beside them. They are read when asked for, which takes a few milliseconds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownProjectFolder } from '#base/own-project.ts';
import { readScenarios } from './file/parse.ts';
import type { Scenario } from './scenario.ts';
import { lineCrossings } from './suite/line-crossings.ts';
import { ndctlScenarios } from './suite/ndctl.ts';
import { faultScenarios, segmentScenarios } from './suite/segment-tables.ts';
import { sysfsParserScenarios } from './suite/sysfs-parsers.ts';

/** All scenarios of the suite. Their workloads are text that is parsed when they run. */
export function suiteScenarios(): Scenario[] {
  return [
    ...fromFile('small-writes'),
    ...lineCrossings(),
    ...fromFile('segments'),
    ...segmentScenarios(),
    ...fromFile('kernel-segments'),
    ...faultScenarios(),
    ...['mapped-stores', 'block-devices', 'platform', 'contracts', 'devices', 'dax-drivers'].flatMap(
      fromFile,
    ),
    ...['mapper', 'mapper-tables', 'firmware-decisions', 'firmware-ranges'].flatMap(fromFile),
    ...['firmware-hints', 'firmware-mock', 'firmware-defects'].flatMap(fromFile),
    ...[
      'poison',
      'poison-defects',
      'poison-platforms',
      'edges',
      'personalities',
      'power-cuts',
      'other-tasks',
      'block-windows',
      'ndctl-btt',
    ].flatMap(fromFile),
    ...sysfsParserScenarios(),
    ...['sysfs', 'branches-files', 'branches-poison', 'branches-devices', 'branches-labels'].flatMap(
      fromFile,
    ),
    ...ndctlScenarios(),
  ];
}

function fromFile(name: string): Scenario[] {
  const file = join(ownProjectFolder(), 'pmem', 'scenarios', 'suite', `${name}.scenarios`);
  return readScenarios(readFileSync(file, 'utf8'), file);
}
