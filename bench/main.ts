/** npm run bench: every figure that a document quotes. */
import { benchRecording } from './recording.ts';
import { benchSuite } from './suite.ts';

const benches: readonly (readonly [name: string, run: () => string[] | Promise<string[]>])[] = [
  ['scenarios', benchSuite],
  ['recording', benchRecording],
];

const wanted = process.argv.slice(2);
for (const [name, run] of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  for (const line of await run()) process.stdout.write(`  ${line}\n`);
}
