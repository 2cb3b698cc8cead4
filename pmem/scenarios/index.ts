/** All scenarios, in the order of the report. */
import type { Scenario } from '../scenario.ts';
import { blockScenarios } from './block.ts';
import { blockWindowScenarios } from './block-windows.ts';
import { daxDriverScenarios } from './dax-drivers.ts';
import { deviceScenarios } from './devices.ts';
import { firmwareScenarios } from './firmware.ts';
import { hintScenarios } from './firmware-hints.ts';
import { mockScenarios } from './firmware-mock.ts';
import { rangeScenarios } from './firmware-ranges.ts';
import { mapperScenarios } from './mapper.ts';
import { mapperTableScenarios } from './mapper-tables.ts';
import { ndctlScenarios } from './ndctl.ts';
import { ndctlBttScenarios } from './ndctl-btt.ts';
import { personalityScenarios } from './personalities.ts';
import { poisonScenarios } from './poison.ts';
import { poisonDefectScenarios } from './poison-defects.ts';
import { segmentScenarios } from './segments.ts';
import { smallWriteScenarios } from './small-writes.ts';
import { syncScenarios } from './sync.ts';
import { sysfsScenarios } from './sysfs.ts';

export const scenarios: readonly Scenario[] = [
  ...smallWriteScenarios,
  ...segmentScenarios,
  ...syncScenarios,
  ...blockScenarios,
  ...deviceScenarios,
  ...daxDriverScenarios,
  ...mapperScenarios,
  ...mapperTableScenarios,
  ...firmwareScenarios,
  ...rangeScenarios,
  ...hintScenarios,
  ...mockScenarios,
  ...poisonScenarios,
  ...poisonDefectScenarios,
  ...personalityScenarios,
  ...blockWindowScenarios,
  ...ndctlBttScenarios,
  ...sysfsScenarios,
  ...ndctlScenarios,
];
