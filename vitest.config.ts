import { defineConfig } from 'vitest/config';

/** What is not a test of every day: proofs that take minutes, the installed package, pages in a browser. */
export const SLOW: readonly string[] = ['test/exhaustive/**', 'test/package/**', 'test/browser/**'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...SLOW, 'node_modules/**', '.cache/**'],
    // Only for what never ends: how fast something is, npm run bench -- --check says.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 600_000 } },
    pool: 'forks',
    // Modules are loaded once a worker, not once a file; no test may leave anything behind in them.
    isolate: false,
  },
});
