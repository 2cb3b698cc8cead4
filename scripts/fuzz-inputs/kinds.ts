/** Everything that comes from outside and is read by this tool: where whole ones are found, and how a damaged one is tried. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readTree } from '#base/tree-files.ts';
import { parseContract } from '#engine/contract.ts';
import type { Random } from '#engine/fuzz/random.ts';
import { applySeriesPatch, changedFiles } from '#engine/series/patches.ts';
import { suiteScenarios } from '#pmem/scenarios/index.ts';
import { pmemSubject } from '#pmem/subject.ts';
import { commandLine } from './command-lines.ts';
import { damaged } from './mutate-text.ts';

/** The project that inputs are taken from. */
const ROOT = join(import.meta.dirname, '..', '..');

/** What is done with one input: arguments for the tool, or something of its own that throws what the tool would. */
type Trial = { readonly args: readonly string[] } | { readonly call: () => void };

/** One kind of input. */
export interface Kind {
  readonly name: string;
  /** Whole inputs of this kind. Those of binary kinds have a character for each byte. */
  readonly whole: () => readonly string[];
  readonly isBinary?: true;
  /** Damages one of `whole`; `damaged` when absent. */
  readonly change?: (random: Random, text: string, others: readonly string[]) => string;
  /** Makes what trials of this kind need in an empty folder, once. */
  readonly setUp?: (folder: string) => void;
  /** How the input in `file`, which says `text`, is tried; `folder` is what `setUp` filled. */
  readonly trial: (file: string, text: string, folder: string) => Trial;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const filesIn = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(end))
    .map((file) => join(folder, file));

/** The blocks of a text file that is divided by empty lines. */
const blocks = (text: string, word: string): string[] =>
  text.split(/\n\n+/).filter((block) => block.includes(`${word}: `));

const RECORDINGS = 'test/golden/data/recordings';

/** Recordings of a few kilobytes: larger ones only take longer to damage. */
const recordings = (): string[] =>
  filesIn(RECORDINGS, '.jsonl.gz')
    .map((file) => gunzipSync(readFileSync(join(ROOT, file))).toString('utf8'))
    .filter(({ length }) => length < 12_000);

const LOG = [
  'START|REGISTER_FILE;image;0x1000000000;0x1000;0x0|OP0.BEGIN|STORE;0x100000003c;0x4030201;0x4|STORE;0x1000000040;0x8070605;0x4',
  'FLUSH;0x1000000040;0x8|FENCE|OP0.END|STORE;0x1000000080;0x1;0x40;0x1: main (a.c:1)|DEEP_SYNC;0x1000000000;0x1000|FENCE|STOP\n',
].join('|');

const EXPECTATIONS = [
  '- after: append 2\n  holds: [x.img:0:8, x.img:96:128]\n',
  '- recovers: "true"\n  images: 20\n  seconds: 5\n- after: append 1\n  holds: [x.img:0:64]\n',
];

const RULES = `{
  "rules": [
    { "kind": "boundary", "id": "B1", "title": "a is closed", "because": "it is", "instead": "b", "files": ["a/**"], "mustNotImport": ["b/**"], "reach": "transitive" },
    { "kind": "layers", "id": "B2", "title": "layers", "because": "order", "instead": "a", "layers": [{ "name": "low", "files": ["a/**"], "may": [] }, { "name": "high", "files": ["b/**"], "may": ["low"] }] },
    { "kind": "noReference", "id": "B3", "title": "old is gone", "because": "new", "instead": "new", "symbols": ["a/inner.ts#old"] },
    { "kind": "noCycles", "id": "B4", "title": "no circles", "because": "order", "instead": "none", "files": ["**"] }
  ]
}
`;

function smallProject(folder: string): void {
  const files = {
    'tsconfig.json':
      '{ "compilerOptions": { "module": "nodenext", "strict": true }, "include": ["**/*.ts"] }',
    'package.json': '{ "name": "small", "type": "module" }',
    'a/inner.ts': 'export const old = 1;\nexport const fresh = 2;\n',
    'b/user.ts': "import { fresh } from '../a/inner.ts';\nexport const used = fresh;\n",
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

const billHistory = (folder: string): void =>
  void execFileSync('sh', [join(ROOT, 'examples/shell-bill/make-history.sh'), join(folder, 'bill')]);

const BILL = `range: main..work
probe:
  run: sh "$CONFORM_PROJECT/probe.sh"
  workloads: [workloads/*.txt]
  dimensions:
    owes: { meaning: what each customer has to pay, compare: number }
`;

/** Kinds whose inputs are files, in alphabetical order; then the command line itself. */
export const KINDS: readonly Kind[] = [
  {
    name: 'configuration',
    whole: () => [BILL, 'patches: series\nbefore: before\nafter: after\n'],
    setUp: billHistory,
    trial: (_, text, folder) => {
      const path = join(folder, 'bill', 'conform.config.yaml');
      // What a probe would run is never run here; steps are only looked at.
      writeFileSync(path, text);
      return { args: ['--config', path, 'review', '1', '--diff-only'] };
    },
  },
  {
    name: 'contract',
    whole: () => filesIn('series', '.contract.yaml').map(read),
    trial: (file, text) => ({ call: () => void parseContract(text, file, pmemSubject([])) }),
  },
  {
    name: 'expectation',
    whole: () => EXPECTATIONS,
    // Nothing that a damaged file may say is run.
    trial: (file, text) => {
      writeFileSync(file, text.replaceAll(/recovers[^\n]*/g, 'recovers: "true"'));
      return { args: ['check', join(ROOT, RECORDINGS, 'plog-0.jsonl.gz'), '--expect', file] };
    },
  },
  {
    name: 'litmus',
    whole: () => filesIn('litmus', '.litmus').flatMap((file) => blocks(read(file), 'test')),
    trial: (file) => ({ args: ['litmus', '--max-states', '20000', file] }),
  },
  {
    name: 'nfit',
    isBinary: true,
    whole: () =>
      filesIn('test/golden/data/real-firmware', '.nfit').map((file) =>
        readFileSync(join(ROOT, file), 'latin1'),
      ),
    trial: (file) => ({ args: ['replay', `boot nfit=${file} / bio write pmem0 @0 4096`] }),
  },
  {
    name: 'patch',
    whole: () => filesIn('series', '.patch').map(read),
    trial: (_, text) => ({
      call: () => {
        const patch = { step: 1, fileName: 'damaged.patch', subject: '', message: '', text };
        changedFiles(patch);
        applySeriesPatch(readTree(join(ROOT, 'before')), patch);
      },
    }),
  },
  {
    name: 'pmemcheck',
    whole: () => [LOG],
    trial: (file) => ({ args: ['pmemcheck', file] }),
  },
  {
    name: 'recording',
    whole: recordings,
    trial: (file) => ({
      args: ['compare', file, join(ROOT, RECORDINGS, 'plog-0.jsonl.gz'), '--any-time', '--common'],
    }),
  },
  {
    name: 'rules',
    whole: () => [RULES],
    setUp: smallProject,
    trial: (_, text, folder) => {
      const path = join(folder, 'boundary.config.json');
      writeFileSync(path, text);
      return {
        args: ['lint', '--rules', path, '--project', join(folder, 'tsconfig.json'), '--no-cache'],
      };
    },
  },
  {
    name: 'scenarios',
    whole: () =>
      filesIn('pmem/scenarios/suite', '.scenarios').flatMap((file) => blocks(read(file), 'scenario')),
    trial: (file, text) => {
      writeFileSync(file, `theme: damaged\n\n${text}\n`);
      return { args: ['run', '--scenarios', file] };
    },
  },
  {
    name: 'trace',
    whole: () => [
      'n0:8*8 c64:8 W64 S A0',
      'c60:8=0102030405060708 n64:8=11 W0 X0 S L8:8=22 F8:8 A0',
      's3:61 O0*2 M H0 A1',
    ],
    trial: (_, text) => ({ args: ['pmemcheck-export', '--', text] }),
  },
  {
    name: 'traces',
    whole: () => [read('examples/traces.jsonl')],
    trial: (file) => ({
      args: ['traces', file, '--tree', 'after', '--kernel', '4.13.9', '--machine', 'clwb'],
    }),
  },
  {
    name: 'workload',
    whole: () => suiteScenarios().map(({ workload }) => workload),
    trial: (file) => ({ args: ['replay', '--file', file] }),
  },
  {
    name: 'command line',
    whole: () => [''],
    change: commandLine,
    setUp: smallProject,
    trial: (_, text) => ({ args: JSON.parse(text) as string[] }),
  },
];

/** The input of a kind with this number: whole once in sixteen times, so that trials are known to work at all. */
export function inputOf({ whole, change = damaged }: Kind, random: Random): string {
  const all = whole();
  const text = random.pick(all);
  return random.chance(6) && change === damaged ? text : change(random, text, all);
}
