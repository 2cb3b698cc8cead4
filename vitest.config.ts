import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/exhaustive/**', 'node_modules/**', '.cache/**'],
    testTimeout: 60_000,
    pool: 'forks',
  },
});
