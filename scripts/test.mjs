// npm test: the whole suite. Arguments after `--` go to vitest.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('test.mjs')) + 1);
const result = await $({ stdio: 'inherit', nothrow: true })`node node_modules/vitest/vitest.mjs run ${given}`;
process.exitCode = result.exitCode ?? 2;
