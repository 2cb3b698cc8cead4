import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { commonEntries, sameMedia } from '#machine/order/same-record.ts';
import { BASE, machineAfter } from '../oracle/sets.ts';

const ADR = persistencySetting('adr');

function common(left: string, right: string, setting = ADR, media = new Map<number, Uint8Array>()): number {
  return commonEntries(
    crashHistory(machineAfter(left), ADR).order,
    crashHistory(machineAfter(right, 'adr', media), setting).order,
  );
}

describe('two records', () => {
  it('are the same up to the first instruction that differs', () => {
    expect(common('n0=01 S A0 n8=02 A1', 'n0=01 S A0 n8=02 A1')).toBe(5);
    expect(common('n0=01 S A0 n8=02 A1', 'n0=01 S A0 n16=02 A1')).toBe(3);
    expect(common('n0=01 S A0', 'n0=01 A0')).toBe(1);
    expect(common('n0=01 S A0', 'c0=01 S A0')).toBe(0);
  });

  it('differ where other bytes are stored, also by a locked instruction', () => {
    expect(common('S n0=01 A0', 'S n0=02 A0')).toBe(1);
    expect(common('S L0:8=01 A0', 'S L0:8=02 A0')).toBe(1);
  });

  it('have nothing in common on other media or under another setting', () => {
    const page = new Uint8Array(4096).fill(1);
    expect(common('n0=01 A0', 'n0=01 A0', ADR, new Map([[BASE / 4096, page]]))).toBe(0);
    const writeBack = persistencySetting('adr', { nonTemporalInDirtyLine: 'write-back' });
    expect(common('n0=01 A0', 'n0=01 A0', writeBack)).toBe(0);
  });
});

describe('two media', () => {
  it('are the same when their pages are, absent ones being zero', () => {
    const page = new Uint8Array(4096).fill(1);
    const zero = new Uint8Array(4096);
    expect(sameMedia(new Map([[3, page]]), new Map([[3, page.slice()]]))).toBe(true);
    expect(sameMedia(new Map([[3, zero]]), new Map())).toBe(true);
    expect(sameMedia(new Map(), new Map([[3, zero]]))).toBe(true);
    expect(sameMedia(new Map(), new Map([[3, page]]))).toBe(false);
    expect(sameMedia(new Map([[3, page]]), new Map([[4, page]]))).toBe(false);
  });
});
