// npm run test:exhaustive: the slow proofs (every program up to a length). CI runs them too.
import { $ } from 'zx';

const result = await $({
  stdio: 'inherit',
  nothrow: true,
})`node node_modules/vitest/vitest.mjs run --config vitest.exhaustive.config.ts`;
process.exitCode = result.exitCode ?? 2;
