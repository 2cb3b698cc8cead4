/** Facts about contents of a repository, kept between runs: what was said of a blob stays true. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '#base/files.ts';
import { hashOfParts } from '#base/hash.ts';
import type { FactStore } from './facts.ts';

/** A store in a folder. `stamp` names the version of this tool; facts of others are never used. */
export function diskStore(folder: string, stamp: string): FactStore & { readonly save: () => void } {
  const tables = new Map<string, { readonly map: Map<string, unknown>; readonly sizeBefore: number }>();
  const fileOf = (question: string): string => path.join(folder, `${hashOfParts([stamp, question])}.json`);
  return {
    table: <T>(question: string): Map<string, T> => {
      const known = tables.get(question);
      if (known !== undefined) return known.map as Map<string, T>;
      const map = new Map<string, unknown>(readEntries(fileOf(question)));
      tables.set(question, { map, sizeBefore: map.size });
      return map as Map<string, T>;
    },
    save: () => {
      for (const [question, { map, sizeBefore }] of tables) {
        if (map.size === sizeBefore) continue;
        try {
          writeWhole(fileOf(question), JSON.stringify([...map]));
        } catch {
          // A cache that cannot be written only costs time.
        }
      }
    },
  };
}

function readEntries(file: string): readonly (readonly [string, unknown])[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly [string, unknown])[];
  } catch {
    // Never written, or cut off.
    return [];
  }
}
