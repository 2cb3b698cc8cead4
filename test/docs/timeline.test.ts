/** The commands of docs/TIMELINE.md give pages. */
import { readFileSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import type { CliContext } from '../../cli/context.ts';
import { wordsOf } from '../support/console-examples.ts';
import { rootFolder } from '../support/project.ts';

const text = readFileSync(`${rootFolder}/docs/TIMELINE.md`, 'utf8');
const commands = [...text.matchAll(/^npx pmem-conform (.*) > page\.html$/gm)].map(
  ([, command = '']) => command,
);

async function run(command: string): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const context: CliContext = {
    write: (more) => void (out += more),
    writeError: (more) => void (err += more),
    color: false,
    progress: false,
    exitCode: 0,
  };
  return { code: await main(wordsOf(command).words, context), out, err };
}

describe('docs/TIMELINE.md', () => {
  it('should have a command for each sort of page', () => {
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['replay', 'compare', 'litmus']);
  });

  for (const command of commands)
    it(`should make a page that holds together of: ${command}`, async () => {
      const { out, err } = await run(command);
      expect(err).toBe('');
      const page = parse(out);
      expect(out).toMatch(/^<!doctype html>/i);
      expect(page.querySelectorAll('[data-timeline]').length).toBeGreaterThan(0);
      const ids = page.querySelectorAll('[id]').map((element) => element.id);
      expect(ids).toHaveLength(new Set(ids).size);
      // Whatever refers to a hatching finds it.
      const fills = new Set(
        page.querySelectorAll('rect[fill]').map((rect) => rect.getAttribute('fill') ?? ''),
      );
      for (const fill of fills) expect(ids).toContain(/^url\(#(.*)\)$/.exec(fill)?.[1]);
      expect(out).not.toMatch(/(?:src|href)="https?:/);
    });

  it('should answer with the exit codes of the text', async () => {
    const [replay, compare] = commands;
    expect((await run(replay ?? '')).code).toBe(0);
    // after may lose what before cannot: docs/RECORDINGS.md.
    expect((await run(compare ?? '')).code).toBe(1);
    const bad = await run("replay --format html 'dax scribble pmem0:/f'");
    expect([bad.code, bad.out]).toEqual([2, '']);
  });
});
