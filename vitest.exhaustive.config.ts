import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { defineConfig } from 'vitest/config';
import plain, { SLOW } from './vitest.config.ts';

/** The tests of which `npm test` tries a share (test/support/thorough.ts). */
const shared = globSync('test/**/*.test.ts', { ignore: [...SLOW] }).filter((file) =>
  readFileSync(file, 'utf8').includes('support/thorough.ts'),
);

export default defineConfig({
  test: {
    ...plain.test,
    include: [...SLOW.map((path) => (path.endsWith('**') ? `${path}/*.test.ts` : path)), ...shared],
    exclude: ['node_modules/**'],
    env: { THOROUGH: '1' },
    maxWorkers: 2,
  },
});
