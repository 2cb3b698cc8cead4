// npm start: all scenarios on both sides. Arguments after `--` go to `conform run`.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('start.mjs')) + 1);
const result = await $({ stdio: 'inherit', nothrow: true })`node bin/conform.mjs run --ends ${given}`;
process.exitCode = result.exitCode ?? 2;
