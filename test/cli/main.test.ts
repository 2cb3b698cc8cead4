import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../cli/context.ts';
import { main } from '../../cli/main.ts';
import { isThorough } from '../support/thorough.ts';

/** Runs the command line in this process and keeps what it prints. */
async function conform(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const context: CliContext = {
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
    color: false,
    progress: false,
    exitCode: 0,
  };
  const code = await main(words, context);
  return { code, out, err };
}

describe('the folder for what is kept', () => {
  it('should not be the current one where a variable of a script is not set', async () => {
    expect(await conform('--cache-dir', '', 'run')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--cache-dir: expected a folder'),
    });
  });
});

describe('conform run', () => {
  it('should print a line a scenario and end with 0 when all is as expected', async () => {
    const { code, out, err } = await conform('run', '--only', 'one user segment');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('ok  T1 4 bytes at line offset 62');
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^\d+ scenarios as expected \(where .* in \d+\)\.$/);
  });

  it('should end with 1, say what was expected and how to replay, when a tree is wrong', async () => {
    const { code, out } = await conform('run', '--only', 'T1 ', '--after', 'as-posted');
    expect(code).toBe(1);
    expect(out).toContain('as-posted: bytes that may be lost: expected none, found pmem0:64-65');
    expect(out).toContain(
      "replay: npx pmem-conform replay --trace --after as-posted 'boot adr clwb pmem0=2M / dax write pmem0:/f @62 iov 4 / fsync pmem0:/f'",
    );
    expect(out).toContain('pmem0:64-71  as-posted 00 00 00 00 00 00 00 00  there at power-on');
  });

  it('should hold any two trees to nothing that is said of others', async () => {
    for (const [left, right] of [
      ['before', 'before'],
      ['after', 'before'],
      ['step-2', 'step-3'],
      ['before', 'as-merged-fixed'],
    ] as const) {
      const { code, out } = await conform(
        'run',
        '--only',
        'several user',
        '--before',
        left,
        '--after',
        right,
      );
      expect(out).not.toContain('BAD');
      expect(code).toBe(0);
    }
  });

  it('should give the same as data', async () => {
    const { code, out } = await conform('run', '--only', 'T2 ', '--format', 'json');
    expect(code).toBe(0);
    const [scenario] = (JSON.parse(out) as { suite: { scenarios: Record<string, unknown>[] } }).suite
      .scenarios;
    expect(scenario).toMatchObject({
      name: 'T2 segments 1 + 4095',
      acked: 'stronger',
      synced: 'stronger',
      lost: { before: 'pmem0:0-7', after: 'none' },
      cost: {
        before: { movnti: 511, writeBacks: 0, sfence: 4 },
        after: { movnti: 511, writeBacks: 2, sfence: 4 },
      },
    });
  });
});

describe('conform replay', () => {
  it('should print results, relations and with --trace the instructions of both sides', async () => {
    const { code, out } = await conform(
      'replay',
      '--trace',
      'dax write pmem0:/f @5 iov 100 / fsync pmem0:/f',
    );
    expect(code).toBe(0);
    expect(out).toContain('before        c5:1*3 n8:8*12 c104:1 S W0*2');
    expect(out).toContain('synced        equal');
  });

  it('should end with 1 when after is weaker where durability is promised', async () => {
    const { code } = await conform(
      'replay',
      '--after',
      'as-posted',
      'dax write pmem0:/f @62 iov 4 / fsync pmem0:/f',
    );
    expect(code).toBe(1);
  });
});

describe('conform copy-table', () => {
  it('should print the format of the measured table', async () => {
    const { code, out } = await conform('copy-table', '--routine', 'memcpy_to_pmem', '--max-size', '3');
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 5)).toEqual([
      'routine,offset_in_line,size_bytes,sfence_count,byte_states',
      'memcpy_to_pmem,0,0,1,',
      'memcpy_to_pmem,0,1,1,d',
      'memcpy_to_pmem,0,2,1,dd',
      'memcpy_to_pmem,0,3,1,ddd',
    ]);
  });
});

// Whole steps, each judged by all scenarios.
describe.runIf(isThorough)('conform review', () => {
  it('should list the steps with class and verdict', async () => {
    const list = await conform('review');
    expect(list.code).toBe(0);
    expect(list.out).toMatch(/^ 1 {2}add {8}holds {2}x86, uaccess: introduce copy_from_iter_flushcache/);
  });

  it('should show a step with its contract first', async () => {
    const one = await conform('review', '7');
    expect(one.code).toBe(0);
    expect(one.out.indexOf('Contract')).toBeLessThan(one.out.indexOf('Diff'));
    expect(one.out).toContain('D7-no-write-back-on-other-devices');
    expect(one.out).toContain('include/linux/pmem.ts#clearPmem');
  });
});

describe.runIf(isThorough)('conform run of the steps', () => {
  it('should judge one step', async () => {
    const step = await conform('run', '--step', '7');
    expect(step.code).toBe(0);
    expect(step.out).toMatch(/ 7 {2}kept .*5 as declared .*holds {2}convert: x86, dax: replace clear_pmem/);
  });

  it('should judge a variant', async () => {
    const variant = await conform('run', '--variant', 'one-leg');
    expect(variant.code).toBe(0);
    expect(variant.out).toContain('ok  one-leg          convicted at step 6');
  });
});

describe('wrong input', () => {
  const cases: readonly (readonly [words: readonly string[], says: string])[] = [
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['run', '--only', 'nothing like it'], "no scenario contains 'nothing like it'"],
    [['run', '--after', 'elsewhere'], "unknown tree 'elsewhere'"],
    [['run', '--format', 'xml'], 'Allowed choices are text, json'],
    [['run', '--step', '15'], "'15' is not a step\n  allowed: 1 to 14"],
    [['run', '--step', 'three'], "'three' is not a step"],
    [['run', '--ends', '--step', '3'], '--ends is about both ends, --step about one step'],
    [['run', '--step', '3', '--variant', 'one-leg'], '--step is about one step, --variant about one variant'],
    [['run', '--only', 'T2', '--step', '3'], '--only is about both ends, --step about one step'],
    [['run', '--step', '3', '--from', '4'], '--step is about one step, --from about steps from one on'],
    [
      ['run', '--after', 'as-posted', '--from', '4'],
      '--after is about both ends, --from about steps from one on',
    ],
    [['run', '--after', './no/such/folder'], "no tree in './no/such/folder'"],
    [['run', '--variant', 'nobody'], "unknown variant 'nobody'"],
    [['review', '0'], "'0' is not a step"],
    [['review', '3', '--next'], 'give a step or --next'],
    [['series', 'fold', '/'], 'is not a repository'],
    [['replay'], 'give a workload as text'],
    [['replay', 'dax wrote pmem0:/f @0 iov 6'], "unknown operation 'dax wrote'"],
    [['replay', 'dax write pmem0:/f @3M iov 6'], 'beyond pmem0'],
    [['replay', '--inside', '0', 'flush pmem0'], "--inside '0' is no number of images"],
    [
      [
        'replay',
        Array.from({ length: 60 }, () => 'dax write pmem0:/f @1 iov 4096 readable 2053').join(' / '),
      ],
      'too many ways to persist',
    ],
    [['replay', '--file', '/no/such/file'], 'cannot read /no/such/file'],
    [['copy-table', '--routine', 'memcpy'], 'Allowed choices are memcpy_to_pmem'],
    [['copy-table', '--routine', 'memcpy_flushcache', '--max-size', '-3'], 'a whole number from 0'],
  ];
  for (const [words, says] of cases) {
    it(`should end with 2 and one clear error: conform ${words.join(' ').slice(0, 80)}`, async () => {
      const { code, out, err } = await conform(...words);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain(says);
      expect(err).not.toMatch(/\n\s+at /);
    });
  }
});
