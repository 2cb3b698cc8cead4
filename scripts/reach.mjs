// npm run reach [-- --file FILE | --list | …]: which branches of after/ and which rules no workload depends on.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('reach.mjs')) + 1);
const result = await $({
  stdio: 'inherit',
  nothrow: true,
})`node --import tsx scripts/reach/main.ts ${given}`;
process.exitCode = result.exitCode ?? 2;
