/**
 * Writes a recording with the function and the line of source of each of its places, so that reading it needs neither the
 * program nor its libraries. Without debug information a function is named only where an exported symbol covers the
 * place: the nearest one before it is often another.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { chunksOf } from '../import/chunks.ts';

const PC = '{"k":"pc"';

interface Told {
  readonly function?: string;
  readonly source?: string;
  readonly inlined?: readonly string[];
}

/** Copies the recording `raw` to `out` (packed when it ends with .gz) with what is known of its places. */
export async function withSources(raw: string, program: string, out: string): Promise<void> {
  const told = await placesOf(raw, program);
  const target = createWriteStream(out);
  const source = linesChanged(raw, told);
  if (out.endsWith('.gz')) await pipeline(source, createGzip(), target);
  else await pipeline(source, target);
}

async function placesOf(raw: string, program: string): Promise<Map<string, Told>> {
  const offsets = new Map<string, number[]>();
  for await (const line of createInterface({ input: createReadStream(raw) })) {
    if (!line.startsWith(PC)) continue;
    const { object, offset } = JSON.parse(line) as { object: string; offset: number };
    offsets.set(object, [...(offsets.get(object) ?? []), offset]);
  }
  const paths = objectPaths(program);
  const told = new Map<string, Told>();
  for (const [object, all] of offsets) {
    const path = paths.get(object);
    if (path === undefined) continue;
    const found = hasDebugInformation(path) ? byLines(path, all) : bySymbols(path, all);
    for (const [offset, one] of found) told.set(`${object} ${offset}`, one);
  }
  return told;
}

/** The program and the libraries that it loads, by base name. */
function objectPaths(program: string): Map<string, string> {
  const paths = new Map([[basename(program), program]]);
  for (const [, path = ''] of run('ldd', [program]).matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm))
    if (existsSync(path)) {
      paths.set(basename(path), path);
      paths.set(basename(realpathSync(path)), realpathSync(path));
    }
  return paths;
}

const run = (command: string, words: readonly string[], input = ''): string =>
  spawnSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 28, input }).stdout ?? '';

const hasDebugInformation = (path: string): boolean => run('readelf', ['-SW', path]).includes('.debug_info');

function byLines(path: string, offsets: readonly number[]): Map<number, Told> {
  const input = offsets.map((offset) => `0x${offset.toString(16)}\n`).join('');
  const lines = run('addr2line', ['-a', '-f', '-i', '-e', path], input).split('\n');
  const found = new Map<number, Told>();
  let at = -1;
  let frames: { name: string; source: string }[] = [];
  const keep = (): void => {
    const [inner, ...outer] = frames.filter(({ source }) => !source.startsWith('?'));
    const offset = offsets[at];
    if (inner === undefined || offset === undefined) return;
    const inlined = outer.map(({ name, source }) => `${name} ${source}`);
    found.set(offset, { function: inner.name, source: inner.source, ...(inlined.length > 0 && { inlined }) });
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('0x')) {
      keep();
      at++;
      frames = [];
    } else if (line !== '') {
      const source = basename((lines[++index] ?? '?').replace(/ \(discriminator.*/, ''));
      frames.push({ name: line, source });
    }
  }
  keep();
  return found;
}

function bySymbols(path: string, offsets: readonly number[]): Map<number, Told> {
  const symbols = run('nm', ['-D', '-S', '--defined-only', path])
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words.length === 4 && 'TtWi'.includes(words[2] ?? '?'))
    .map(([start = '', size = '', , name = '']) => ({
      start: Number.parseInt(start, 16),
      size: Number.parseInt(size, 16),
      name: name.replace(/@.*/, ''),
    }));
  const found = new Map<number, Told>();
  for (const offset of offsets) {
    const symbol = symbols.find(({ start, size }) => offset >= start && offset < start + size);
    if (symbol !== undefined) found.set(offset, { function: symbol.name });
  }
  return found;
}

async function* linesChanged(raw: string, told: ReadonlyMap<string, Told>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const { chunk } of chunksOf(raw)) {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = all.lastIndexOf(10) + 1;
    rest = Buffer.from(all.subarray(end));
    yield* changed(all.subarray(0, end), told);
  }
  yield rest;
}

function* changed(lines: Buffer, told: ReadonlyMap<string, Told>): Generator<Buffer> {
  let from = 0;
  for (let at = lines.indexOf(PC); at >= 0; at = lines.indexOf(PC, at + 1)) {
    const end = lines.indexOf(10, at);
    if (at > 0 && lines[at - 1] !== 10) continue;
    const place = JSON.parse(lines.toString('utf8', at, end)) as {
      p: number;
      object: string;
      offset: number;
    };
    yield lines.subarray(from, at);
    yield Buffer.from(JSON.stringify({ k: 'pc', ...place, ...told.get(`${place.object} ${place.offset}`) }));
    from = end;
  }
  yield lines.subarray(from);
}
