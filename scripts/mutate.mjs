// npm run mutate [-- --only ID | --file FILE | --workers N | …]: makes mistakes in the trees and the kernel, and says what notices them.
import { $ } from 'zx';

const given = process.argv.slice(process.argv.findIndex((word) => word.endsWith('mutate.mjs')) + 1);
const result = await $({
  stdio: 'inherit',
  nothrow: true,
})`node --import tsx scripts/mutate/main.ts ${given}`;
process.exitCode = result.exitCode ?? 2;
