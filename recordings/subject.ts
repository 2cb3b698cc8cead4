/**
 * Recordings as a subject of the engine: each tree of a series is built and recorded by the user's commands, and two trees differ
 * where a power failure may leave other images once something has been acknowledged.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ownHash, packageFolder } from '#base/own-package.ts';
import { hashOfParts } from '#base/hash.ts';
import { runCommand } from '#engine/probe/run-command.ts';
import { workloadsOf } from '#engine/probe/workloads.ts';
import type { Compared, Difference, Facts, Shown, Subject, Summary, Tree } from '#engine/subject.ts';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { kindFor, labelled } from './compare/align.ts';
import { compareRecordings } from './compare/compare-recordings.ts';
import { verdictOf } from './compare/verdict.ts';
import { costsOf } from './compare/costs.ts';
import { openRecording } from './import/open-recording.ts';
import type { Recording } from './recording.ts';
import { textOfComparison } from './report/text.ts';

export interface RecordingOptions {
  /** Absolute folder of the project. */
  readonly root: string;
  /** For the shell, once in the folder of each tree. */
  readonly build?: string | undefined;
  /** For the shell, in the folder of a tree; writes a recording to `$CONFORM_RECORDING`. `conform` is in its PATH. */
  readonly record: string;
  /** Globs of files, each a workload on standard input of `record`. */
  readonly workloads?: readonly string[] | undefined;
  /** Only these bytes are compared. */
  readonly region?: readonly string[] | undefined;
  readonly timeoutSeconds?: number | undefined;
}

const BUILD_SECONDS = 600;
const RECORD_SECONDS = 60;

/** The subject that `options` describe. Throws `InputError` for a glob without files. */
export function recordings(options: RecordingOptions): Subject<Recording> {
  const { root, build = '', record, region = [] } = options;
  const setting = persistencySetting('adr');
  const comparison = { setting, regions: options.region, skipInFlight: true };
  return {
    name: 'recordings',
    hash: hashOfParts(['recordings', build, record, JSON.stringify(region), ownHash('recordings')]),
    dimensions: [
      {
        name: 'acknowledged',
        meaning: 'what a power failure may leave once it was acknowledged',
        isResult: false,
      },
      { name: 'acknowledgements', meaning: 'what is acknowledged at all', isResult: true },
    ],
    vocabulary: { place: 'text' },
    workloads: workloadsOf({ root, run: record, dimensions: {}, workloads: options.workloads }),
    triesToBelieve: 2,
    async open(tree) {
      if (build !== '') await run(options, tree, build, '', {}, BUILD_SECONDS);
      return (workload) => recordTree(options, tree, workload);
    },
    facts: factsOf,
    compare(before, after) {
      const compared = compareRecordings(before, after, comparison);
      const different = compared.differentRuns !== undefined;
      const differences: Difference[] = compared.acknowledgements.flatMap(({ label, acknowledged }, index) =>
        acknowledged === undefined || acknowledged === 'equal'
          ? []
          : [
              differenceOf(
                label,
                index,
                different ? 'other' : acknowledged,
                compared.difference?.witness.words,
              ),
            ],
      );
      const { onlyBefore, onlyAfter } = compared.alignment;
      for (const label of onlyBefore)
        differences.push(lackingOf(label, 'acknowledged', 'never acknowledged'));
      for (const label of onlyAfter) differences.push(lackingOf(label, 'never acknowledged', 'acknowledged'));
      const { worst } = verdictOf(compared, comparison);
      return { differences, relations: { acknowledged: worst satisfies Summary } } satisfies Compared;
    },
    show(before, after): Shown {
      const compared = compareRecordings(before, after, comparison);
      const text = textOfComparison(compared, comparison, (_, word) => word);
      // The recordings are gone by then, so the command that compares them again is of no use.
      const witness = text
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('Again, '));
      return { witness, traces: [] };
    },
  };
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function differenceOf(
  label: string,
  index: number,
  relation: Difference['relation'],
  words: readonly { readonly before: Uint8Array; readonly after: Uint8Array }[] = [],
): Difference {
  const [first] = words;
  return {
    dimension: 'acknowledged',
    relation,
    index,
    at: label,
    cause: label.replace(/\s*\d+\)?$/, ''),
    blamed: [{ place: [label] }],
    isPromised: false,
    before: hex(first?.before),
    after: `may be ${hex(first?.after)}`,
  };
}

function lackingOf(label: string, before: string, after: string): Difference {
  const blamed = [{ place: [label] }];
  return {
    dimension: 'acknowledgements',
    relation: 'other',
    index: -1,
    at: label,
    cause: 'acknowledgements',
    blamed,
    isPromised: false,
    before,
    after,
  };
}

function factsOf(recording: Recording): Facts {
  const { record, threads } = recording;
  const labels = labelled(recording, kindFor([recording], undefined)).map(({ label }) => label);
  const columns = [record.kinds, record.addresses, record.unitSizes, record.counts, record.data, threads];
  const costs = costsOf(recording, 0, record.length);
  return {
    digest: hashOfParts([
      ...columns.map((column) => textOf(column)),
      ...labels,
      JSON.stringify(recording.files),
    ]),
    broken: [],
    cost: {
      movnt: costs.movnt,
      mov: costs.mov + costs.locked,
      'write-backs': costs.clwb + costs.clflushopt + costs.clflush,
      fences: costs.sfence + costs.mfence,
    },
    places: labels.length,
  };
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array | Float64Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

async function recordTree(options: RecordingOptions, tree: Tree, workload: string): Promise<Recording> {
  const aside = mkdtempSync(join(tmpdir(), 'conform-recording-'));
  try {
    const path = join(aside, 'recording.jsonl.gz');
    await run(
      options,
      tree,
      options.record,
      workload,
      { CONFORM_RECORDING: path },
      options.timeoutSeconds ?? RECORD_SECONDS,
    );
    return await openRecording(path);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Runs a command in a tree. Throws `Error` when it does not end with 0. */
async function run(
  { root }: RecordingOptions,
  { folder }: Tree,
  command: string,
  input: string,
  environment: Readonly<Record<string, string>>,
  timeoutSeconds: number,
): Promise<void> {
  const { ending, said } = await runCommand({
    command,
    folder,
    input,
    environment: {
      ...environment,
      CONFORM_PROJECT: root,
      PATH: `${packageFolder}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    timeoutSeconds,
    outputBytesMax: 2 ** 24,
  });
  if (ending.kind === 'exit' && ending.code === 0) return;
  const how =
    ending.kind === 'exit'
      ? `ended with ${ending.code}`
      : ending.kind === 'signal'
        ? `was killed by ${ending.signal}`
        : ending.why;
  throw new Error(`'${command}' ${how}: ${said.trim().split('\n').at(-1) ?? ''}`);
}
