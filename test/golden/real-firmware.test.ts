/**
 * Sysfs as Linux 6.1 made it from real firmware tables (golden/data/real-firmware), against what both trees make of
 * the same bytes. A 4.12 kernel has fewer files: `LACKING` lists those it has not, `DIFFERENT` those that say something
 * else there, each with the reason; everything else must agree. How: each recorded line is read back.
 */
import { describe, expect, it } from 'vitest';
import { boot as bootAfter } from '../../after/index.ts';
import { boot as bootBefore } from '../../before/index.ts';
import { goldenText } from './shared.ts';
import { parseBoot } from '#pmem/language/boot/boot-line.ts';
import { linesOf } from '#pmem/language/lines.ts';
import { WordReader } from '#pmem/language/words.ts';

/** Files that came after 4.12, by the end of their path. */
const LACKING: Readonly<Record<string, string>> = {
  'dax/write_cache': 'the merged patch 13, not the posted series',
  'queue/fua': '4.17: block layer file for QUEUE_FLAG_FUA',
  log_zero_flags: '4.15: BTT log compatibility',
  holder_class: '4.13: labels of version 1.2',
  max_available_extent: '4.19',
  persistence_domain: '4.16: platform capabilities',
  target_node: '5.1',
  'region/align': '5.7',
  'nmem/flags': '4.15: alias, labelled and locked dimms',
  'nmem/dev': 'the number of a character device, which is not modelled',
};

/** Files that 4.12 fills differently. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'labelled/set_cookie': '4.13: the second cookie where labels are of version 1.2 (10.5)',
  'queue/dax': '4.18: dax only with struct pages (nvdimm-and-firmware.md 15.3); 4.12 sets it always',
  available_slots: 'labels of 256 bytes since 4.13, of 128 before (16.1: 1015 slots of a 128 KiB area)',
  available_size: '5.7: rounded down to the alignment of 16 MiB; 4.12 has none',
};

interface RecordedFile {
  readonly path: string;
  readonly key: string;
  /** Text, or nothing for an empty file or one whose read failed. */
  readonly text: string;
}

/** `region0/btt0.0/size` is `btt0.0/size`: the same device by its parent. */
function recordedFiles(name: string): RecordedFile[] {
  return goldenText(`real-firmware/${name}.sysfs.txt`)
    .split('\n')
    .filter((line) => line.includes(' = '))
    .map((line) => {
      const [written = '', value = ''] = line.split(/ = (.*)/s);
      const path = written.replace(/^region\d+\/(?=(?:btt|dax|namespace|pfn)\d)/, '');
      const [device = '', ...file] = path.startsWith('/sys/block/')
        ? path.split('/').slice(3)
        : path.split('/');
      const kind = device.replace(/[\d.]+$/, '');
      const short = file.join('/');
      const labelled = name === 'two-labels' && device === 'region0' ? `labelled/${short}` : short;
      const key =
        [labelled, `${kind}/${short}`, short].find((known) => known in LACKING || known in DIFFERENT) ??
        short;
      return {
        path: path.startsWith('/sys/') ? path : `/sys/bus/nd/devices/${path}`,
        key,
        // Newer kernels add the position in the interleave set to mappings.
        text: value.replaceAll('|', '\n').replace(/^(nmem\d+,\d+,\d+),\d+$/m, '$1'),
      };
    });
}

/** The label areas are behind the dimms, not in the table: only the first dimm of `two-labels` has one. */
const OPTIONS: Readonly<Record<string, string>> = { plain: '', cpu: '', 'two-labels': ',labels=0x1' };

describe.each([
  ['before', bootBefore],
  ['after', bootAfter],
] as const)('real firmware in %s/', (_side, boot) => {
  describe.each(Object.keys(OPTIONS))('%s', (name) => {
    const line = `adr clwb nfit=test/golden/data/real-firmware/${name}.nfit${OPTIONS[name]}`;
    const subsystem = boot(parseBoot(new WordReader(linesOf(line)[0]!)));
    const read = (path: string): string => {
      const result = subsystem.perform({ kind: 'sysfs read', path }, 0);
      return result.text ?? (result.returned === -2 ? 'missing' : '');
    };
    const files = recordedFiles(name);

    it('should give every value that 4.12 has', () => {
      const compared = files.filter(({ key }) => !(key in LACKING) && !(key in DIFFERENT));
      const wrong = compared.filter(({ path, text }) => read(path) !== text);
      expect(wrong.map(({ path, text }) => [path, text, read(path)])).toEqual([]);
      expect(compared.length).toBeGreaterThan(90);
    });

    it('should not have the files that came later', () => {
      const later = files.filter(({ key }) => key in LACKING);
      expect(later.filter(({ path }) => read(path) !== 'missing')).toEqual([]);
    });
  });
});

describe('what 4.12 prints about real firmware', () => {
  it('should report platform capabilities as an unknown table and go on', () => {
    for (const boot of [bootBefore, bootAfter]) {
      const line = 'adr clwb nfit=test/golden/data/real-firmware/cpu.nfit';
      const { log } = boot(parseBoot(new WordReader(linesOf(line)[0]!)));
      expect(log.map(({ level, text }) => `${level} ${text}`)).toEqual([
        "error unknown table '7' parsing nfit",
      ]);
    }
  });
});
