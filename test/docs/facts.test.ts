// Every section that a `source:` names is there. Facts that a reader can try: the table of bytes that the first patch of the series may lose, by running its tree, and examples of
// image sets by the library.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseWorkload } from '#pmem/language/notation.ts';
import { judgePromise } from '#pmem/promise/promise.ts';
import { runWorkload } from '#pmem/run/run.ts';
import { images, order, type Program, record } from '../../library/index.ts';
import { loadTree, rootFolder } from '../support/project.ts';

const page = (name: string): string => readFileSync(`${rootFolder}/docs/facts/${name}`, 'utf8');

/** Folders whose files say where an expectation comes from. */
const CITING = ['pmem/scenarios', 'litmus', 'series'];

/** Texts of `source` in them: `memory-and-dax.md 9.2, 12 patch 13; nvdimm-and-firmware.md 2.5`. */
function sources(): string[] {
  const files = CITING.flatMap((folder) =>
    readdirSync(`${rootFolder}/${folder}`, { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  );
  return files
    .filter((file) => /\.(?:scenarios|litmus|ts|yaml)$/.test(file))
    .flatMap((file) => [
      ...readFileSync(`${rootFolder}/${file}`, 'utf8').matchAll(/^\s*['"]?source:? ?[:=]?\s*(.+)$/gm),
    ])
    .map(([, text = '']) => text);
}

/** What a text names, as `page section`: `memory-and-dax.md 15 B4`, `memory-and-dax.md 12 patch 1`. Versions of kernels are none. */
function named(text: string): string[] {
  const pages = text.replaceAll(/\([^)]*\)/g, '').matchAll(/([\w-]+\.md) ([^;]*)/g);
  return [...pages].flatMap(([, file = '', list = '']) =>
    list.split(/[,:]/).flatMap((part) => {
      const [, section] =
        /^\s*(?:appendix A )?((?!4\.1\d)\d{1,2}(?:\.\d+)*(?: [A-Z]\d+| patch \d+| [A-Za-z](?!\w))?|K\d+)(?![\w.])/.exec(
          part,
        ) ?? [];
      return section === undefined ? [] : [`${file} ${section}`];
    }),
  );
}

/** Whether the page has the section: as a heading, or by its name in the text below the heading it belongs to. */
function has(citation: string): boolean {
  const [file = '', section = ''] = citation.split(/ (.*)/);
  const text = page(file);
  const headings = [...text.matchAll(/^#+ (?:Appendix )?([\w.]+) .*$/gm)].map(([, number]) => number);
  if (headings.includes(section)) return true;
  const [, outer = '', inner = ''] = /^(.*?)[ .]([^ .]+|patch \d+)$/.exec(section) ?? [];
  const body = bodyOf(text, section.startsWith('K') ? 'A' : outer);
  if (/^B\d/.test(inner)) return headings.includes(inner);
  const names = [`${section}:`, `${section},`, `${inner}:`, `| ${inner} |`, `*${inner}*`];
  return names.some((name) => body.includes(name));
}

/** What stands below a heading, down to the next of its level. */
function bodyOf(text: string, number: string): string {
  const [heading = '', marks = ''] =
    new RegExp(`^(#+) (?:Appendix )?${number.replaceAll('.', String.raw`\.`)} .*$`, 'm').exec(text) ?? [];
  const rest = heading === '' ? '' : text.slice(text.indexOf(heading) + heading.length);
  const end = rest.search(new RegExp(`^${marks} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

describe('a section that a source names', () => {
  const PAGES = readdirSync(`${rootFolder}/docs/facts`);
  const cited = [...new Set(sources().flatMap(named))].filter((citation) =>
    PAGES.includes(citation.split(' ')[0] ?? ''),
  );

  it('should be in docs/facts', () => {
    expect(cited.length).toBeGreaterThan(150);
    expect(cited.filter((citation) => !has(citation)).sort()).toEqual([]);
  });

  it('should be missed where it is not', () => {
    for (const citation of [
      'memory-and-dax.md 99',
      'memory-and-dax.md 15 B99',
      'nvdimm-and-firmware.md 15.1 Q',
    ])
      expect([citation, has(citation)]).toEqual([citation, false]);
    expect(named('memory-and-dax.md 15 B4; nvdimm-and-firmware.md 18.4.2, 12 patch 13')).toEqual([
      'memory-and-dax.md 15 B4',
      'nvdimm-and-firmware.md 18.4.2',
      'nvdimm-and-firmware.md 12 patch 13',
    ]);
  });
});

/** Pairs of offset and size with the bytes that may be lost, as the page has them. */
function lostBytes(): Map<string, number> {
  const rows = [...page('memory-and-dax.md').matchAll(/^\| (\d+) \| ([\d:, ]+) \|$/gm)];
  return new Map(
    rows.flatMap(([, offset = '', cells = '']) =>
      cells.split(',').map((cell) => {
        const [size = '', count = ''] = cell.split(':').map((word) => word.trim());
        return [`${offset} ${size}`, Number(count)] as const;
      }),
    ),
  );
}

describe('the table of B3', () => {
  it('should be what breaks in the tree of that patch, for all offsets and sizes near the end of a line', async () => {
    const table = lostBytes();
    expect(table.size).toBe(21);
    const boot = await loadTree('as-posted');
    const broken: string[] = [];
    for (let offset = 50; offset < 64; offset++)
      for (let size = 1; size < 8; size++) {
        const workload = parseWorkload(`dax write pmem0:/f @${offset} iov ${size}\nfsync pmem0:/f`);
        const { findings } = judgePromise(workload, runWorkload(boot, workload));
        if (findings.length > 0) broken.push(`${offset} ${size}`);
      }
    expect(broken.sort()).toEqual([...table.keys()].sort());
    // What is lost is what lies in the second line.
    for (const [pair, count] of table) {
      const [offset = 0, size = 0] = pair.split(' ').map(Number);
      expect([pair, count]).toEqual([pair, offset + size - 64]);
    }
  });
});

const words =
  (store: (cpu: Parameters<Program>[0], index: number) => void): Program =>
  (cpu, acknowledge) => {
    for (let index = 0; index < 8; index++) store(cpu, index);
    acknowledge();
  };
const count = (program: Program): bigint => images(order(record(program)), { acknowledged: 0 }).count();
const word = (index: number): Uint8Array => new Uint8Array(8).fill(index + 1);

describe('the worked examples of persistency.md', () => {
  it('should be counted so by the machine', () => {
    expect(page('persistency.md')).toContain('9 images');
    expect(count(words((cpu, index) => cpu.store(8 * index, word(index))))).toBe(9n);
    expect(count(words((cpu, index) => cpu.storeNonTemporal(8 * index, word(index))))).toBe(256n);
  });
});
