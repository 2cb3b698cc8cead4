// npm run fuzz-inputs [-- --seconds N | --seed N | …]: damaged inputs of every kind must be taken or refused, and soon.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('fuzz-inputs.mjs')) + 1);
const result = await $({
  stdio: 'inherit',
  nothrow: true,
})`node --import tsx scripts/fuzz-inputs/main.ts ${given}`;
process.exitCode = result.exitCode ?? 2;
