// npm start: all scenarios on both sides, then a few workloads by chance. Arguments after `--` go to `conform run`, and then nothing else is done.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('start.mjs')) + 1);
const result = await $({ stdio: 'inherit', nothrow: true })`node bin/conform.mjs run --ends ${given}`;
const run =
  given.length > 0 || result.exitCode !== 0
    ? result
    : await $({ stdio: 'inherit', nothrow: true })`node bin/conform.mjs fuzz --count 200`;
process.exitCode = run.exitCode ?? 2;
