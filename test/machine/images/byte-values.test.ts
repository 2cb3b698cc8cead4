/** The values of single bytes in a set, held against the contents of words, and small cases by hand. */
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachByteValue } from '#machine/images/byte-values.ts';
import { crashHistory, type ImageSet, persistencySetting } from '#machine/images/crash-images.ts';
import { EntryKind, type InstructionRecord } from '#machine/hardware/record.ts';
import { WordContents } from '#machine/images/word-contents.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { BASE, machineAfter } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

/** The distinct values of each byte of a word, ascending. */
function valuesOf(set: ImageSet, address: number): number[][] {
  const values = Array.from({ length: 8 }, () => new Set<number>());
  eachByteValue(set, address, (offset, value) => values[offset]?.add(value));
  return values.map((own) => [...own].sort((left, right) => left - right));
}

/** The same through the contents of the whole word, which list cells and levels. */
function projectedValuesOf(set: ImageSet, address: number): number[][] {
  const contents = new WordContents(set).at(address);
  return Array.from({ length: 8 }, (_, offset) =>
    [...new Set(contents.map(({ bytes }) => bytes[offset] ?? 0))].sort((left, right) => left - right),
  );
}

/** The values that the record's entries between two acknowledgements stored to each byte of a word. */
function storedValuesOf(record: InstructionRecord, address: number, index: number): Set<number>[] {
  const values = Array.from({ length: 8 }, () => new Set<number>());
  let acknowledged = 0;
  for (let entry = 0; entry < record.length; entry++) {
    if (record.kinds[entry] === EntryKind.acknowledgement) acknowledged++;
    if (acknowledged !== index) continue;
    for (const [at, value] of record.dataOf(entry).entries())
      values[(record.addresses[entry] ?? 0) + at - address]?.add(value);
  }
  return values;
}

const ADR = persistencySetting('adr');

function acked(trace: string): ImageSet {
  return crashHistory(machineAfter(trace, 'adr'), ADR).acked(0);
}

describe('the values of single bytes', () => {
  it('are those of the contents of their word, for any program under any setting', () => {
    const agrees = property(anyProgram(6, 'repeating'), anySetting, (trace, setting) => {
      const history = crashHistory(machineAfter(trace, setting.domain), setting);
      const sets = history.acknowledgements.flatMap((_, index) => [
        history.acked(index),
        history.inFlight(index),
      ]);
      for (const set of [history.anywhere(), ...sets])
        for (const word of set.touchedWords()) {
          const address = set.view.order.pieces.addressOfWord(word);
          expect(valuesOf(set, address)).toEqual(projectedValuesOf(set, address));
        }
    });
    assert(agrees, { seed: 20_170_629, numRuns: runs(1500) });
  });

  it('are in flight those of the acknowledgement before, and those stored since', () => {
    const agrees = property(anyProgram(8, 'repeating'), anySetting, (trace, setting) => {
      // An acknowledgement after every third instruction.
      const acked = trace.split(' ').map((word, index) => (index % 3 === 2 ? `${word} A${index}` : word));
      const machine = machineAfter(acked.join(' '), setting.domain);
      const history = crashHistory(machine, setting);
      for (const index of history.acknowledgements.keys()) {
        if (index === 0) continue;
        const [before, during] = [history.acked(index - 1), history.inFlight(index)];
        for (const word of during.touchedWords()) {
          const address = during.view.order.pieces.addressOfWord(word);
          const stored = storedValuesOf(machine.record, address, index);
          const expected = valuesOf(before, address).map((own, offset) =>
            [...new Set([...own, ...(stored[offset] ?? [])])].sort((left, right) => left - right),
          );
          expect(valuesOf(during, address)).toEqual(expected);
        }
      }
    });
    assert(agrees, { seed: 20_170_630, numRuns: runs(1000) });
  });

  it('are old and new until a fence completes the write-back, and new after it', () => {
    expect(valuesOf(acked('c0:2=11 W0 A0'), BASE).slice(0, 3)).toEqual([[0, 0x11], [0, 0x11], [0]]);
    expect(valuesOf(acked('c0:2=11 W0 S A0'), BASE).slice(0, 3)).toEqual([[0x11], [0x11], [0]]);
  });

  it('do not reach below a store that must have persisted', () => {
    // 11 is written back and fenced; 22 lies over it and may or may not be there.
    expect(valuesOf(acked('c0:1=11 W0 S c0:1=22 A0'), BASE)[0]).toEqual([0x11, 0x22]);
  });

  it('are what was there before in words that nobody stored to', () => {
    expect(valuesOf(acked('c0:8=11 A0'), BASE + 8)).toEqual(Array.from({ length: 8 }, () => [0]));
  });
});
