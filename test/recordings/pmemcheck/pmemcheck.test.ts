/**
 * pmemcheck logs: reading them strictly, replaying them, and the emulation of pmreorder. `fixtures/pmreorder-images.json` has what
 * the real pmreorder (PMDK 52b9545b) showed its checker on logs of our exporter: the first 88 bytes of the image file.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { registerPmemcheck } from '../../../cli/commands/pmemcheck.ts';
import type { CliContext } from '../../../cli/context.ts';
import { exportLog } from '#recordings/pmemcheck/export-log.ts';
import { exactImages, gapOf, visitedImages } from '#recordings/pmemcheck/gap.ts';
import { historyOfLog, readLog } from '#recordings/pmemcheck/open-log.ts';
import { type EngineName, checksOf, emulate } from '#recordings/pmemcheck/pmreorder.ts';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { InputError } from '#base/input-error.ts';
import { powerOn } from '#machine/hardware/machine.ts';
import { runTrace } from '#machine/hardware/trace-notation.ts';
import { Random } from '../../machine/litmus/support/random-programs.ts';
import { runs } from '../../support/thorough.ts';

const start = 0x10000000;
const file = `REGISTER_FILE;img;0x10000000;0x2000;0x0`;

function logOf(...records: string[]): string {
  return `START|${[file, ...records].join('|')}|STOP\n`;
}

/** A log of marked operations, each of one store, and no flush. */
function unflushed(count: number): string {
  return logOf(
    ...Array.from(
      { length: count },
      (_, index) => `OP${index}.BEGIN|STORE;0x10000000;0x1;0x8|OP${index}.END`,
    ),
  );
}

function gap(text: string, exactFlushIsNonTemporal = false): ReturnType<typeof gapOf> {
  const log = readLog(text, 'log', { exactFlushIsNonTemporal });
  return gapOf(
    log,
    historyOfLog(log, persistencySetting('adr')).anywhere(),
    emulate(log, { engine: 'ReorderFull', markers: new Map(), withImages: true }),
  );
}

function messageOf(text: string): string {
  try {
    readLog(text, 'log');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'accepted';
}

async function outputOf(...words: string[]): Promise<string> {
  let output = '';
  const write = (part: string): void => {
    output += part;
  };
  const context: CliContext = { write, writeError: write, color: false, progress: false, exitCode: 0 };
  const program = new Command('conform').exitOverride();
  registerPmemcheck(program, context);
  await program.parseAsync(words, { from: 'user' });
  return output;
}

describe('the emulation of pmreorder', () => {
  const cases = JSON.parse(
    readFileSync(new URL('fixtures/pmreorder-images.json', import.meta.url), 'utf8'),
  ) as {
    engine: EngineName;
    markers: Record<string, EngineName>;
    log: string;
    checks: number;
    images: string[];
  }[];

  it.each(cases.map((given, index) => [index, given] as const))(
    'should see what the real one saw in log %i',
    (_index, given) => {
      const markers = new Map(Object.entries(given.markers));
      const barriers = emulate(readLog(given.log, 'log'), {
        engine: given.engine,
        markers,
        withImages: true,
      });
      const addresses = Array.from({ length: 88 }, (_, index) => index);
      const images = [...(visitedImages(barriers, addresses) ?? [])].map((image) =>
        Buffer.from(image, 'latin1').toString('hex'),
      );
      expect(images.sort()).toEqual(given.images);
      expect(barriers.reduce((total, { checks }) => total + checks, 0n)).toBe(BigInt(given.checks));
    },
  );

  it('should count the checks of ReorderFull as the sum of n!/(n-k)!', () => {
    expect([0, 1, 5, 6, 7, 8].map((count) => checksOf('ReorderFull', count))).toEqual([
      1n,
      2n,
      326n,
      1957n,
      13700n,
      109601n,
    ]);
  });

  it('should know of more stores how large the count is, to a factor of two', () => {
    // log2(e * 2001!) = log2(e) + lgamma(2002) / ln 2, by Stirling: ln n! = n ln n - n + ln(2 pi n) / 2 + 1 / 12n.
    const count = 2001;
    const ln = count * Math.log(count) - count + Math.log(2 * Math.PI * count) / 2 + 1 / (12 * count);
    const digits = checksOf('ReorderFull', count).toString(2).length - 1;
    expect(Math.abs(digits - (ln + 1) / Math.LN2)).toBeLessThan(1);
  });

  it('should hold the 128 images of seven stores as a product', () => {
    const stores = Array.from(
      { length: 7 },
      (_, index) =>
        `STORE;0x${(start + 64 * index).toString(16)};0x1;0x8|FLUSH;0x${(start + 64 * index).toString(16)};0x40`,
    );
    const [barrier] = emulate(readLog(logOf(...stores, 'FENCE'), 'log'), {
      engine: 'ReorderFull',
      markers: new Map(),
      withImages: true,
    });
    expect(barrier?.choices.map((contents) => contents.length)).toEqual([2, 2, 2, 2, 2, 2, 2]);
    expect(barrier?.checks).toBe(13700n);
  });
});

describe('the difference to what may really be left', () => {
  const data = 'STORE;0x10000000;0x1;0x8';
  const flag = 'STORE;0x10000040;0x1;0x8';

  it('should find the eviction that pmreorder misses (2.3 E1)', () => {
    const found = gap(logOf(data, flag, 'FLUSH;0x10000000;0x40', 'FENCE', 'FLUSH;0x10000040;0x40', 'FENCE'));
    expect(found).toMatchObject({ exact: 4, visited: 3, common: 3 });
    expect([...found!.missed]).toEqual([['evicted', 1]]);
    expect(found!.examples.get('evicted')).toBe('0x40=0100000000000000');
  });

  it('should find the impossible order in a line (2.3 E2)', () => {
    const found = gap(logOf(data, 'STORE;0x10000008;0x1;0x8', 'FLUSH;0x10000000;0x40', 'FENCE'));
    expect(found).toMatchObject({ exact: 3, visited: 4, common: 3 });
    expect([...found!.impossible]).toEqual([['line order', 1]]);
  });

  it('should find the impossible return of an older store (2.3 E8)', () => {
    const found = gap(
      logOf(data, 'STORE;0x10000004;0x303030302020202;0x8', 'FLUSH;0x10000000;0x40', 'FENCE'),
    );
    expect(found?.impossible.get('coherence')).toBeGreaterThan(0);
  });

  it('should find the torn store that pmreorder keeps whole (2.3 E7)', () => {
    const found = gap(
      logOf(
        'STORE;0x1000003c;0x202020201010101;0x8',
        'FLUSH;0x10000000;0x40',
        'FLUSH;0x10000040;0x40',
        'FENCE',
      ),
    );
    expect(found).toMatchObject({ exact: 4, visited: 2, common: 2 });
    expect([...found!.missed]).toEqual([['torn', 2]]);
  });
});

describe('importing', () => {
  it('should read a log as valgrind writes it', () => {
    const text = [
      '==9764== pmemcheck-1.0, a simple persistent store checker',
      '==9764== Command: ./a.out',
      '==9764== ',
      `==9764== START|FENCE|FENCE|${file}|OP.BEGIN|STORE;0x10000000;0xdeadbeef;0x8;0x401136: main (a.c:12);0x4021: START_routine (b.c:3)|FLUSH;0x10000000;0x40|FENCE|DEEP_SYNC;0x10000000;0x40|OP.END|STOP`,
      '==9764== Number of stores not made persistent: 0',
      '',
    ].join('\n');
    const log = readLog(text, 'log');
    expect(log.records.map(({ kind }) => kind)).toEqual([
      'fence',
      'fence',
      'marker',
      'store',
      'flush',
      'fence',
      'marker',
    ]);
    expect(log.records.find((record) => record.kind === 'store')).toMatchObject({
      address: 0,
      bytes: Uint8Array.of(0xef, 0xbe, 0xad, 0xde, 0, 0, 0, 0),
    });
    expect(log.recording.placeTable[1]).toMatchObject({ function: 'main', source: 'a.c:12' });
    expect(log.recording.acknowledgements.map(({ name }) => name)).toEqual(['OP']);
    // Without ADR a fence moves the store to a queue, and only DEEP_SYNC empties that.
    const history = historyOfLog(log, persistencySetting('none'));
    expect(history.anywhere().count()).toBe(2n);
    expect(history.acked(0).count()).toBe(1n);
    const queued = readLog(text.replace('DEEP_SYNC;0x10000000;0x40|', ''), 'log');
    expect(historyOfLog(queued, persistencySetting('none')).acked(0).count()).toBe(2n);
  });

  it('should leave the images of an exported run as they were', () => {
    const random = new Random(3);
    for (let count = 0; count < 200; count++) {
      const trace = Array.from({ length: 3 + random.below(7) }, () => {
        const word = random.pick([0, 8, 64]);
        return random.pick([
          `c${word}:8`,
          `c${word}:8`,
          `c${word + 4}:8`,
          `n${word}:8`,
          `W${word - (word % 64)}`,
          'S',
        ]);
      }).join(' ');
      const ranges = [{ name: 'img', start, sizeBytes: 8192, kind: 'persistent' as const, modules: [] }];
      const machine = powerOn({
        domain: 'adr',
        features: { clwb: true, clflushopt: true },
        ranges,
        flushHints: [],
      });
      runTrace(machine.cpu, `${trace} c128:8`, start);
      const log = readLog(exportLog(machine.record, { ranges }), 'log', { exactFlushIsNonTemporal: true });
      const addresses = Array.from({ length: 136 }, (_, index) => index);
      const again = historyOfLog(log, persistencySetting('adr')).anywhere();
      expect(exactImages(again, addresses)?.size, trace).toBe(Number(again.count()));
      expect(log.recording.record.dataLength).toBe(machine.record.dataLength);
    }
  });

  it('should read hundreds of thousands of records (npm run bench -- --check says how fast)', () => {
    const count = runs(600_000);
    const parts: string[] = [];
    for (let index = 0; index < count / 3; index++) {
      const address = `0x${(start + 8 * (index % 1000)).toString(16)}`;
      parts.push(`STORE;${address};0x${index.toString(16)};0x8`, `FLUSH;${address};0x40`, 'FENCE');
    }
    const text = logOf(parts.join('|'));
    const log = readLog(text, 'log');
    historyOfLog(log, persistencySetting('adr')).anywhere();
    emulate(log, { engine: 'ReorderFull', markers: new Map(), withImages: false });
    expect(log.records).toHaveLength(count);
  });
});

describe('malformed logs', () => {
  it.each([
    ['', "log: record 0: expected START and '|' at the start of a pmemcheck log, found '' (was pmemcheck run with --log-stores=yes?)"],
    ['hello', "log: record 0: expected START and '|' at the start of a pmemcheck log, found 'hello' (was pmemcheck run with --log-stores=yes?)"],
    [`START|${file}|STOP\n`, 'log: nothing was stored to a mapped file, so there is nothing to compare\n  was it another file? conform record --file names it'],
    [`START|${file}|STORE;0x10000000;0x1;0x8`, 'log: record 2: expected STOP, found the end of the log: it was cut off (a killed run?), and what is missing cannot be compared'],
    [logOf('STORE;0x20000000;0x1;0x8'), 'log: record 3: 1 stores lie in no registered file\n  say it, for all pages that stores touch: --map file0@0x20000000+0x1000'],
    [logOf('STORE;zz;0x1;0x8'), "log: record 2: expected STORE;address;value;size, found 'STORE;zz;0x1;0x8'"],
    [logOf('STORE;0x10000000;0x100;0x1'), 'log: record 2: the value 100 does not fit into 1 bytes'],
    [logOf('STORE;0x10000000;0x1'), "log: record 2: expected STORE;address;value;size, found 'STORE;0x10000000;0x1'"],
    [logOf('STORE;0x10000000;0x1;0x0'), 'log: record 2: expected a store of 1 to 64 bytes, found 0'],
    [logOf('FLUSH;0x10000000'), "log: record 2: expected FLUSH;address;size, found 'FLUSH;0x10000000'"],
    [logOf('FENCE;1'), "log: record 2: expected FENCE, found 'FENCE;1'"],
    [logOf('STOREX'), "log: record 2: expected STORE, FLUSH, FENCE, REGISTER_FILE, DEEP_SYNC, a marker or STOP, found 'STOREX'"],
    [logOf('A.BEGIN', 'B.END'), 'log: record 3: B.END without a B.BEGIN before it'],
    [logOf('REGISTER_FILE;other;0x10000000;0x2000;0x0'), 'log: record 2: other is mapped over img, and the log does not say that it was unmapped'],
    [logOf('STORE;0x10000000;0x1;0x8').replace('\n', '|more'), "log: record 4: expected the end of the log after STOP, found 'more'"],
  ])('should answer %j with %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  }); // prettier-ignore

  it('should be read or refused, thousands of times', () => {
    const random = new Random(11);
    const whole = logOf(
      'A.BEGIN',
      'STORE;0x10000000;0x1;0x8;0x1: main (a.c:1)',
      'FLUSH;0x10000000;0x40',
      'FENCE',
      'A.END',
      'STORE;0x10000048;0x1;0x4',
      'DEEP_SYNC;0x10000000;0x40',
    );
    let refused = 0;
    for (let count = 0; count < 5000; count++) {
      const characters = [...whole];
      for (let changes = 1 + random.below(3); changes > 0; changes--) {
        const at = random.below(characters.length);
        if (random.below(2) === 0) characters.splice(at, 1 + random.below(20));
        else
          characters.splice(
            at,
            random.below(2),
            random.pick(['|', ';', '0', 'f', 'x', '\n', 'STOP', 'START', '\u0000', '9999']),
          );
      }
      const text = characters.join('');
      const message = messageOf(text);
      if (message !== 'accepted') refused++;
      else historyOfLog(readLog(text, 'log', { exactFlushIsNonTemporal: true }), persistencySetting('adr'));
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(5000);
  });
});

describe('conform pmemcheck', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pmemcheck-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A file with this log. */
  function write(log: string): string {
    const name = path.join(folder, 'store.log');
    writeFileSync(name, log);
    return name;
  }

  it('should export a trace', async () => {
    expect(
      await outputOf(
        'pmemcheck-export',
        'c60:8=0102030405060708 n64:8=11 W0 X0 S L8:8=22 F8:8 A0',
        '--size',
        '4096',
      ),
    ).toBe(
      'START|REGISTER_FILE;image;0x1000000000;0x1000;0x0|OP0.BEGIN|STORE;0x100000003c;0x4030201;0x4|STORE;0x1000000040;0x8070605;0x4|' +
        'STORE;0x1000000040;0x1111111111111111;0x8|FLUSH;0x1000000040;0x8|FLUSH;0x1000000000;0x40|FLUSH;0x1000000000;0x40|FENCE|FENCE|' +
        'FENCE|STORE;0x1000000008;0x2222222222222222;0x8|FENCE|OP0.END|STOP\n',
    );
  });

  it('should warn when pmreorder would check nothing', async () => {
    const name = write(logOf('STORE;0x10000000;0x1;0x8', 'FENCE'));
    expect(await outputOf('pmemcheck', name)).toContain(
      'WARNING: pmreorder would check nothing and report success',
    );
  });

  it('should read a FLUSH of gigabytes, and a file as large as can be', async () => {
    const pool = ['REGISTER_FILE;image;0x0;0x10000000000;0x0', 'STORE;0x8;0x1;0x8'];
    const reportFor = async (flush: string): Promise<unknown> =>
      JSON.parse(
        await outputOf(
          'pmemcheck',
          write(`START|${[...pool, flush, 'FENCE', 'STOP'].join('|')}\n`),
          '--format',
          'json',
        ),
      );
    const { source: _, ...long } = (await reportFor('FLUSH;0x8;0x1000000030')) as Record<string, unknown>;
    const { source: __, ...short } = (await reportFor('FLUSH;0x0;0x40')) as Record<string, unknown>;
    // What is flushed beside the only line with a store changes nothing.
    expect(long).toEqual(short);
    expect(long).toMatchObject({ images: '2', pmreorder: { checks: '2', barriers: 1 } });
  });

  it('should count operations until that takes long, and say so', async () => {
    // Once operation n has returned n stores are undecided, and as many while it runs: 1024 * 1025 are the first above 2^20.
    const said = 'images of later operations are not counted';
    const [all, part] = [
      await outputOf('pmemcheck', write(unflushed(1023))),
      await outputOf('pmemcheck', write(unflushed(1024))),
    ];
    expect(all).not.toContain(said);
    expect(part).toContain(said);
  });

  it('should say of a number that nobody can read how large it is', async () => {
    const stores = Array.from(
      { length: 40 },
      (_, index) => `STORE;0x${(0x10000000 + 64 * index).toString(16)};0x1;0x8`,
    );
    const text = await outputOf('pmemcheck', write(logOf(...stores, 'FLUSH;0x10000000;0x1000', 'FENCE')));
    // 40 independent lines; e * 40! sequences: log2(e) + log2(40!) = 1.44 + 159.16.
    expect(text).toContain('images a power failure may leave: 1099511627776 (');
    expect(text).toContain('pmreorder ReorderFull: 2^160.6 checks');
  });

  it.each([
    ['c64:4294967295', '"c64:4294967295" is too large: an event touches at most 67108864 bytes'],
    ['W0*4294967295', '"W0*4294967295" is too large'],
    ['A99999999999999999', '"A99999999999999999" is too large'],
    ['c0:0', '"c0:0" does nothing: sizes and counts are at least 1'],
    ['c0:8=f', '"c0:8=f" is no trace event'],
  ])('should refuse the trace %s', async (trace, message) => {
    await expect(outputOf('pmemcheck-export', trace)).rejects.toThrow(message);
  });

  it('should refuse a file larger than it makes logs for', async () => {
    await expect(outputOf('pmemcheck-export', '--size', '1099511631872', 'c0:8')).rejects.toThrow(
      '--size 1099511631872: expected a multiple of 4096, at most 1099511627776 (1 TiB)',
    );
  });

  it('should refuse a file that is not there', async () => {
    await expect(outputOf('pmemcheck', 'missing.log')).rejects.toThrow('missing.log: no such file');
  });
});
