import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashHistory, persistencySetting } from '#machine/images/crash-images.ts';
import { digestParts } from '#machine/images/image-digest-words.ts';
import { digestOf } from '#machine/images/image-digest.ts';
import { anyProgram, anySetting } from '../oracle/programs.ts';
import { machineAfter } from '../oracle/sets.ts';
import { runs } from '../../support/thorough.ts';

describe('the digest of a set', () => {
  for (const values of ['unique', 'repeating'] as const) {
    it(`is the same whether chains of non-temporal stores are read as columns or as cells: ${values} values`, () => {
      let chained = 0;
      const agrees = property(anyProgram(14, values), anySetting, (trace, setting) => {
        const history = crashHistory(machineAfter(trace, setting.domain), setting);
        const points = history.acknowledgements.keys();
        for (const index of points) {
          for (const { view } of [history.acked(index), history.inFlight(index), history.anywhere()]) {
            chained += digestParts(view).chained.length;
            const none = new Int32Array(0);
            expect(digestOf(view)).toBe(digestOf(view, { chained: none, others: view.openPieces }));
          }
        }
      });
      assert(agrees, { seed: 11, numRuns: runs(2000) });
      expect(chained).toBeGreaterThan(runs(2000));
    });
  }

  it('is the same for words stored to a few times and many times', () => {
    for (const count of [1, 2, 3, 16, 17, 18, 40]) {
      const stores = Array.from({ length: count }, (_, index) => `n0=0${index % 7} n8=0${index % 2}`);
      const trace = [...stores.slice(0, 2), 'c512', ...stores.slice(2), 'A0'].join(' ');
      const setting = persistencySetting('adr');
      const { view } = crashHistory(machineAfter(trace), setting).acked(0);
      const asCells = digestOf(view, { chained: new Int32Array(0), others: view.openPieces });
      expect(digestOf(view)).toBe(asCells);
    }
  });
});
