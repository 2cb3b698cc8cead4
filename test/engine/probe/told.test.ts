/** What is told of long values shows what differs in them. */
import { describe, expect, it } from 'vitest';
import { told, toldBeside } from '#engine/probe/told.ts';

const LONG = 'x'.repeat(500);

describe('a value beside the one it differs from', () => {
  it('should be told whole where it is short, and by name where there is none', () => {
    expect(toldBeside('one', 'two', {})).toBe('one');
    expect(toldBeside('one', undefined, {})).toBe('one');
    expect([toldBeside(undefined, 'one', {}), toldBeside('', 'one', {})]).toEqual(['nothing', 'empty']);
  });

  it('should be told from a little before the first difference on where that is far inside', () => {
    const [before, after] = [`${LONG}before${LONG}`, `${LONG}after${LONG}`];
    expect(toldBeside(before, after, {})).toBe(`…${'x'.repeat(40)}before${'x'.repeat(154)}…`);
    expect(toldBeside(after, before, {})).toContain('xafterx');
  });

  it('should be told from its beginning where that differs', () => {
    expect(toldBeside(`a${LONG}`, `b${LONG}`, {})).toBe(`a${'x'.repeat(199)}…`);
  });

  it('should be told by the words that the other has not, where it is a long set', () => {
    const words = Array.from({ length: 99 }, (_, index) => `word${index}`).join(' ');
    expect(toldBeside(`${words} new`, words, { compare: 'set' })).toBe('new beside 99 that both have');
    expect(toldBeside(words, `${words} new`, { compare: 'set' })).toBe(
      'nothing more beside 99 that both have',
    );
  });

  it('should never hold what moves the cursor', () => {
    expect(told('a\u001b[2Jb')).toBe('a\\x1b[2Jb');
  });
});
