/** A process that tries inputs: what it answers, and what is said of one that does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Hand } from '../../../scripts/fuzz-inputs/hand.ts';

const folder = mkdtempSync(join(tmpdir(), 'conform-hand-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ask = { kind: 'trace', seed: 1, number: 5 };

/** A hand whose process runs `body` for each ask. To start takes up to a second of the three that it may use. */
function handThat(name: string, body: string): Hand {
  const script = join(folder, `${name}.mjs`);
  writeFileSync(script, `process.on('message', (ask) => { ${body} });`);
  return new Hand(script, 3);
}

describe('a hand', () => {
  it('should hand on what its process answers, input after input', async () => {
    const hand = handThat('answers', "process.send({ outcome: 'taken', detail: String(ask.number) })");
    expect(await hand.answer(ask)).toEqual({ outcome: 'taken', detail: '5' });
    expect(await hand.answer({ ...ask, number: 6 })).toEqual({ outcome: 'taken', detail: '6' });
    hand.close();
  });

  it('should end a process that never answers, and begin another for the next input', async () => {
    const hand = handThat(
      'hangs',
      "if (ask.number === 5) for (;;); process.send({ outcome: 'refused', detail: '' })",
    );
    const { outcome, detail } = await hand.answer(ask);
    expect(outcome).toBe('defect');
    expect(detail).toMatch(/^no answer after \d/);
    expect(await hand.answer({ ...ask, number: 6 })).toEqual({ outcome: 'refused', detail: '' });
    hand.close();
  });

  it('should say of a process that ends what it said last', async () => {
    const hand = handThat('ends', "console.error('out of memory'); process.exit(3)");
    const { outcome, detail } = await hand.answer(ask);
    expect([outcome, detail]).toEqual(['defect', 'the process ended with 3: out of memory\n']);
  });
});
