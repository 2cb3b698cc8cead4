// npm run bench [-- NAME…]: medians and ratios, all measured in one run.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('bench.mjs')) + 1);
const result = await $({ stdio: 'inherit', nothrow: true })`node --import tsx bench/main.ts ${given}`;
process.exitCode = result.exitCode ?? 2;
