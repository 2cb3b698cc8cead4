/** A probe as a subject: what comes of tries that go well, and of those that hang, flood, fork, crash or flicker. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gather } from '#engine/evidence.ts';
import type { Tried } from '#engine/tries.ts';
import { judgeStep, type StepEvidence } from '#engine/judge.ts';
import type { ProbeOptions } from '#engine/probe/options.ts';
import { probe } from '#engine/probe/subject.ts';
import type { Compared, Subject, Tree } from '#engine/subject.ts';
import { emptyStore } from '../../support/project.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'probe '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const probed = (options: Partial<ProbeOptions>): Subject =>
  probe({ root, run: 'sh ./run', dimensions: { result: {} }, ...options }) as Subject;

/** A tree whose file `run` holds a shell script. */
function tree(name: string, script: string): Tree {
  mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, name, 'run'), script);
  return { name, folder: join(root, name), hash: `${name} ${script}` };
}

/** What came of the only workload on one tree. */
async function tried(script: string, options: Partial<ProbeOptions> = {}): Promise<Tried> {
  const subject = probed(options);
  const only = tree('only', script);
  return (await gather({ subject, store: emptyStore() }, [only], [])).tried(only, subject.workloads[0]!);
}

interface Both {
  readonly compared: Compared;
  readonly judged: StepEvidence;
}

async function both(left: string, right: string, options: Partial<ProbeOptions> = {}): Promise<Both> {
  const subject = probed(options);
  const [before, after] = [tree('left', left), tree('right', right)];
  const evidence = await gather({ subject, store: emptyStore() }, [], [{ before, after }]);
  const step = { step: 1, before, after, first: before, lineage: () => [] };
  return {
    compared: evidence.compared({ before, after }, subject.workloads[0]!),
    judged: judgeStep(subject, step, evidence).evidence,
  };
}

const PRINTS = (value: string): string => String.raw`printf 'result\tplace\t${value}\n'`;

describe('a probe', () => {
  it('should get the workload on standard input, and in a file where it asks for one', async () => {
    writeFileSync(join(root, 'one.txt'), 'hello\n');
    const script = String.raw`printf 'result\tin\t%s\nresult\tfile\t%s\n' "$(cat)" "$(cat "$1")"`;
    const options = { workloads: ['*.txt'], run: 'sh ./run "$CONFORM_WORKLOAD"' };
    const subject = probed(options);
    const run = await subject.open(tree('only', script));
    expect(await run(subject.workloads[0]!.text)).toEqual([
      { dimension: 'exit', place: '', value: '0' },
      { dimension: 'result', place: 'in', value: 'hello' },
      { dimension: 'result', place: 'file', value: 'hello' },
    ]);
  });

  it('should show differences at their places, and none where there is none', async () => {
    expect((await both(PRINTS('1'), PRINTS('1'))).compared.differences).toEqual([]);
    expect((await both(PRINTS('1'), PRINTS('2'))).compared.differences).toMatchObject([
      { dimension: 'result', relation: 'other', at: 'place', before: '1', after: '2' },
    ]);
    expect((await both(PRINTS('1'), 'true')).compared.differences).toMatchObject([
      { dimension: 'result', before: '1', after: 'nothing' },
    ]);
  });

  it('should have its exit code and the signal that killed it as observations', async () => {
    expect((await both('exit 1', 'kill -SEGV $$')).compared.differences).toMatchObject([
      { dimension: 'exit', before: '1', after: '139 (SIGSEGV)' },
    ]);
  });

  it('should find promises broken', async () => {
    const facts = await tried(String.raw`printf 'promise\tdisk\tlost what was synced\n'`);
    expect(facts).toMatchObject({ broken: [{ key: 'disk', text: 'disk: lost what was synced' }] });
  });

  it('should be built once for a tree, and say why it cannot be', async () => {
    const options = { build: 'echo built >> log' };
    await both('cat log', 'cat log', { ...options, run: PRINTS('1') });
    expect(readFileSync(join(root, 'left/log'), 'utf8')).toBe('built\n');
    expect(await tried('true', { build: 'echo no compiler >&2; exit 4' })).toEqual({
      error: "'echo no compiler >&2; exit 4' ended with 4: no compiler",
    });
  });
});

describe('a probe that goes wrong', () => {
  it('should be stopped when it hangs, what it started too', async () => {
    const left = join(root, 'left-over');
    const script = `(sleep 2; touch '${left}') & sleep 30`;
    expect(await tried(script, { timeoutSeconds: 0.2 })).toEqual({
      error: 'the probe took longer than 0.2 s',
    });
    await new Promise((resolve) => setTimeout(resolve, 2200));
    expect(existsSync(left)).toBe(false);
  });

  it('should be stopped when it floods', async () => {
    expect(await tried('yes', { outputBytesMax: 1000 })).toEqual({
      error: 'the probe printed more than 1000 bytes',
    });
  });

  it('should not keep anybody waiting for what it leaves behind', async () => {
    expect(await tried('sleep 60 & exit 0')).toEqual({
      error: 'the probe ended, but left processes behind that hold its output open',
    });
  });

  it('should be named when it is not there, or prints what is none of its language', async () => {
    expect(await tried('true', { run: './missing' })).toMatchObject({
      error: expect.stringContaining('the probe cannot be run (ended with 127)'),
    });
    expect(await tried(String.raw`printf '\000\377\n'`)).toMatchObject({
      error: expect.stringContaining('line 1 of what the probe printed is no observation'),
    });
  });

  it('should not be taken for a difference when it flickers', async () => {
    const flickers = `echo x >> log; printf 'result\\tplace\\t%s\\n' "$(wc -l < log)"`;
    const { compared, judged } = await both(PRINTS('0'), flickers);
    expect(compared.differences).toEqual([]);
    expect(judged.untried).toEqual([
      {
        workload: 'no workload',
        why: "at this step: differs from itself when tried again: result at 'place' was 1, then 2",
      },
    ]);
    expect(judged.failures.map(({ kind }) => kind)).toEqual(['nothing tried']);
  });

  it('should not make a step hold when it is missing on both sides, or on the one before', async () => {
    for (const [left, right] of [
      ['exit 127', 'exit 127'],
      ['exit 127', PRINTS('1')],
    ] as const)
      expect((await both(left, right)).judged.failures).toMatchObject([{ kind: 'nothing tried' }]);
  });
});

describe('workloads of a probe', () => {
  it('should be files, in order, then what a command makes of seeds', () => {
    writeFileSync(join(root, 'b.txt'), 'two');
    writeFileSync(join(root, 'a.txt'), 'one');
    const { workloads } = probed({ workloads: ['*.txt'], generate: { command: 'echo seed', count: 2 } });
    expect(workloads).toEqual([
      { name: 'a.txt', text: 'one' },
      { name: 'b.txt', text: 'two' },
      { name: 'seed 1', text: 'seed 1\n' },
      { name: 'seed 2', text: 'seed 2\n' },
    ]);
  });

  it('should be refused when a glob finds nothing, or the command fails', () => {
    expect(() => probed({ workloads: ['none/*.txt'] })).toThrow("no workload in 'none/*.txt'");
    expect(() => probed({ generate: { command: 'false', count: 1 } })).toThrow(
      "'false 1' was to print a workload",
    );
  });

  it('should become simpler by lines, halves first, and as the command of the user says', () => {
    expect([...probed({}).simpler!('a\nb\nc\nd\n')]).toEqual([
      'a\nb\n',
      'c\nd\n',
      'a\nb\nc\n',
      'a\nb\nd\n',
      'a\nc\nd\n',
      'b\nc\nd\n',
    ]);
    const [first, second] = probed({ simpler: "printf 'x\\n---\\ny\\n'" }).simpler!('a\nb\n');
    expect([first, second]).toEqual(['x\n', 'y\n']);
  });

  it('should be known again while nothing changes that decides what is observed', () => {
    writeFileSync(join(root, 'probe.sh'), 'one');
    const run = 'sh "$CONFORM_PROJECT/probe.sh"';
    const { hash } = probed({ run });
    expect(probed({ run }).hash).toBe(hash);
    writeFileSync(join(root, 'probe.sh'), 'two');
    expect(probed({ run }).hash).not.toBe(hash);
  });
});
