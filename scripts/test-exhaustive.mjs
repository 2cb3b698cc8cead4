// npm run test:exhaustive: the slow tests (vitest.exhaustive.config.ts). CI runs most of them too. Arguments after `--` go to vitest.
import { $ } from 'zx';

const script = process.argv.findIndex((word) => word.endsWith('test-exhaustive.mjs'));
const given = process.argv.slice(script + 1);
const result = await $({
  stdio: 'inherit',
  nothrow: true,
})`node node_modules/vitest/vitest.mjs run --config vitest.exhaustive.config.ts ${given}`;
process.exitCode = result.exitCode ?? 2;
