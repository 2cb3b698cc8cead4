/**
 * Recordings of a log of 20,000 operations, 2.2 million events in two of them: what reading and comparing takes when the second
 * build leaves out one write-back of every tenth operation, and of every operation. CPU time of this process, once.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { persistencySetting } from '#machine/images/crash-images.ts';
import { compareRecordings } from '#recordings/compare/compare-recordings.ts';
import { openRecording } from '#recordings/import/open-recording.ts';
import type { Recording } from '#recordings/recording.ts';

const OPERATIONS = 20_000;
const FILE_SIZE_BYTES = 2 ** 28;

export async function benchRecordings(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-recordings-'));
  try {
    const [whole, tenth, all] = [0, 10, 1].map((every) => writeRecording(folder, every));
    const read = await readAll([whole ?? '', tenth ?? '', all ?? '']);
    const [before, some, each] = read.recordings;
    if (before === undefined || some === undefined || each === undefined) throw new Error('three recordings');
    const events = read.recordings.reduce((sum, { eventCount }) => sum + eventCount, 0);
    const { record } = before;
    const bytes = record.length * (25 + 9) + record.dataLength;
    return [
      `read ${events.toLocaleString('en-US')} events                ${(events / read.seconds / 1e6).toFixed(1)} M events/s (target: 1.5)`,
      `kept                                  ${(bytes / before.eventCount).toFixed(0)} bytes an event (target: 60)`,
      `compared, one operation in ten weaker ${compared(before, some)}`,
      `compared, every operation weaker      ${compared(before, each)}`,
      `memory of all of this, at most        ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function readAll(paths: readonly string[]): Promise<{ recordings: Recording[]; seconds: number }> {
  const start = cpuSeconds();
  const recordings: Recording[] = [];
  for (const path of paths) recordings.push(await openRecording(path));
  return { recordings, seconds: cpuSeconds() - start };
}

function compared(before: Recording, after: Recording): string {
  const start = cpuSeconds();
  const { acknowledgements } = compareRecordings(before, after, { setting: persistencySetting('adr') });
  const weaker = acknowledgements.filter(({ acknowledged }) => acknowledged === 'weaker').length;
  return `${(cpuSeconds() - start).toFixed(2)} s, ${weaker} of ${acknowledgements.length} acknowledgements weaker`;
}

/** A log: a record of 44 words, six write-backs, a fence, the tail; every `every`th operation lacks one write-back. */
function writeRecording(folder: string, every: number): string {
  const lines = [
    '{"k":"recording","version":1,"recorder":"bench","isa":"x86-64","serial":false}',
    `{"k":"map","t":0,"f":0,"path":"x.img","a":0,"n":${FILE_SIZE_BYTES},"size":${FILE_SIZE_BYTES},"sync":true,"initial":"zeros"}`,
    '{"k":"pc","p":1,"object":"log","offset":1,"function":"append","source":"log.c:1"}',
  ];
  let events = 0;
  const put = (line: string): void => {
    lines.push(line);
    events++;
  };
  for (let operation = 1; operation <= OPERATIONS; operation++) {
    const base = 4096 + operation * 384;
    for (let word = 0; word < 44; word++) put(storeLine(base + 8 * word, operation * 1000 + word));
    for (let line = 0; line < 6; line++)
      if (every === 0 || operation % every !== 0 || line !== 3)
        put(`{"k":"W","t":0,"f":0,"a":${base + 64 * line},"p":1}`);
    put('{"k":"S","t":0,"p":1}');
    put(storeLine(0, operation));
    put('{"k":"W","t":0,"f":0,"a":0,"p":1}');
    put('{"k":"S","t":0,"p":1}');
    put(`{"k":"A","t":0,"n":${operation},"name":"append"}`);
  }
  lines.push(`{"k":"end","events":${events},"lost":0}`, '');
  const path = join(folder, `every-${every}.jsonl`);
  writeFileSync(path, lines.join('\n'));
  if (statSync(path).size === 0) throw new Error('nothing written');
  return path;
}

function storeLine(address: number, value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return `{"k":"c","t":0,"f":0,"a":${address},"d":"${bytes.toString('hex')}","p":1}`;
}
