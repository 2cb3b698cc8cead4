import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What is not a test of every day: proofs that take minutes, what starts other programs time and again, what opens whole trees. */
export const SLOW: readonly string[] = [
  'test/exhaustive/**',
  'test/package/**',
  'test/browser/**',
  'test/recordings/record/**',
  'test/docs/examples/**',
  'test/checks/rules-types.test.ts',
  'test/checks/c/command.test.ts',
  'test/checks/c/range.test.ts',
  'test/checks/series-lint.test.ts',
  'test/bin/conform.test.ts',
  'test/cli/define-project.test.ts',
  'test/cli/own-series.test.ts',
  'test/cli/process.test.ts',
  'test/cli/report/cases.test.ts',
  'test/cli/sweep.test.ts',
  'test/cli/user-variants.test.ts',
  'test/docs/lint-manual.test.ts',
  'test/engine/series/git-range.test.ts',
  'test/engine/series/unfold.test.ts',
  'test/scripts/fuzz-inputs/hand.test.ts',
  'test/scripts/shards.test.ts',
];

const startsPrograms = ({ moduleId }: TestSpecification): boolean =>
  /child_process|repository|\bgit\b/.test(readFileSync(moduleId, 'utf8'));

/** Tests with git and other programs come first: to start a program takes the longer the more memory the process holds. */
class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(startsPrograms), ...sorted.filter((file) => !startsPrograms(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...SLOW, 'node_modules/**', '.cache/**'],
    // Only for what never ends: how fast something is, npm run bench -- --check says.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 600_000 } },
    sequence: { sequencer: ProgramsFirst },
    pool: 'forks',
    // Room for what is thrown away at once, so that it is collected less often; and modules are Node's own: what Vite makes of them is
    // slower to make and to run.
    execArgv: ['--max-semi-space-size=64', '--import', './test/support/sources.mjs'],
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Modules are loaded once a worker, not once a file; no test may leave anything behind in them.
    isolate: false,
  },
});
