/** All scenarios, in the order of the report. */
import type { Scenario } from '../scenario.ts';
import { blockScenarios } from './block.ts';
import { deviceScenarios } from './devices.ts';
import { segmentScenarios } from './segments.ts';
import { smallWriteScenarios } from './small-writes.ts';
import { syncScenarios } from './sync.ts';

export const scenarios: readonly Scenario[] = [
  ...smallWriteScenarios,
  ...segmentScenarios,
  ...syncScenarios,
  ...blockScenarios,
  ...deviceScenarios,
];
