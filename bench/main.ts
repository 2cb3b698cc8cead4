/** npm run bench: every figure that a document quotes; with --check whether anything is slower than in bench/baseline.json, which --update writes. */
import { benchBook } from './book.ts';
import { benchCrashImages } from './crash-images.ts';
import { benchFuzz } from './fuzz.ts';
import { benchLint } from './lint.ts';
import { benchLitmus } from './litmus.ts';
import { benchOwnSeries } from './own-series.ts';
import { benchPmreorder } from './pmreorder.ts';
import { benchPromise } from './promise.ts';
import { benchRecording } from './recording.ts';
import { benchRecordings } from './recordings.ts';
import { benchTimeline } from './timeline.ts';
import { benchSteps } from './steps.ts';
import { benchSuite } from './suite.ts';
import { benchTopology } from './topology.ts';
import { benchTraces } from './traces.ts';

const benches: readonly (readonly [name: string, run: () => string[] | Promise<string[]>])[] = [
  ['scenarios', benchSuite],
  ['promise', benchPromise],
  ['fuzz', benchFuzz],
  ['topology', benchTopology],
  ['recording', benchRecording],
  ['recordings', benchRecordings],
  ['timeline', benchTimeline],
  ['book', benchBook],
  ['crash-images', benchCrashImages],
  ['pmreorder', benchPmreorder],
  ['litmus', benchLitmus],
  ['steps', benchSteps],
  ['traces', benchTraces],
  ['lint', benchLint],
  ['own-series', benchOwnSeries],
];

// A reader that has seen enough ends nothing.
process.stdout.on('error', () => {});
const wanted = process.argv.slice(2);
if (wanted[0] === '--check' || wanted[0] === '--update') {
  const { checkBench } = await import('./check.ts');
  process.exit(await checkBench(wanted[0] === '--update'));
}
const names = benches.map(([name]) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown measurement: ${unknown.join(', ')}\n  allowed: ${names.join(', ')}\n`);
  process.exit(2);
}
for (const [name, run] of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  for (const line of await run()) process.stdout.write(`  ${line}\n`);
}
