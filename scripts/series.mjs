// npm run series -- unfold DIR | fold DIR | check: work on the patches with ordinary git (docs/SERIES.md).
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('series.mjs')) + 1);
const result = await $({ stdio: 'inherit', nothrow: true })`node bin/conform.mjs series ${given}`;
process.exitCode = result.exitCode ?? 2;
