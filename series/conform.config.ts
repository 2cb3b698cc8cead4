/** The pmem series as a project of the engine: where it lies, what tries its trees, and what the linter holds them to. */
import { ownProjectFolder } from '#base/own-project.ts';
import { defineProject } from '#engine/project.ts';
import { patches } from '#engine/series/trees.ts';
import { endsReporter } from '#pmem/ends.ts';
import { pmemSubject } from '#pmem/subject.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { pmemSweep } from '#pmem/sweep/sweep.ts';
import { seriesRules } from './rules.ts';

export default defineProject({
  name: 'the pmem series',
  root: ownProjectFolder(),
  series: patches({ before: 'before', after: 'after', patches: 'series', variants: 'series/variants' }),
  imports: ['base', 'machine', 'kernel'],
  subject: () => pmemSubject(suiteScenarios().map(({ name, workload }) => ({ name, text: workload }))),
  ends: endsReporter(suiteScenarios),
  sweep: pmemSweep,
  tsconfig: 'tsconfig.json',
  operationTables: ['include/linux/dax.ts#DaxOperations', 'include/linux/device-mapper.ts#TargetType'],
  lint: seriesRules,
});
