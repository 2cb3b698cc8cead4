/** Every example in the documents is run: `$ ./conform …` in a console block must print exactly what stands there. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '#pmem/language/operations.ts';
import { rootFolder } from '../support/project.ts';
import type { CliContext } from '../../cli/context.ts';
import { main } from '../../cli/main.ts';

const documents = ['README.md', ...readdirSync(`${rootFolder}/docs`).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

interface Example {
  readonly document: string;
  readonly command: string;
  readonly output: string;
}

function examplesIn(document: string): Example[] {
  const text = readFileSync(`${rootFolder}/${document}`, 'utf8');
  return [...text.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .filter((part) => part.startsWith('./conform'))
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { document, command, output: output.join('\n') };
      }),
  );
}

/** The words of a command as a shell splits them; understands quotes and a final `| head -N`. */
function wordsOf(command: string): { words: string[]; head: number } {
  const head = Number(/\| head -(\d+)$/.exec(command)?.[1] ?? Infinity);
  const plain = command.replace(/\s*\| head -\d+$/, '').replace(/^\.\/conform\s*/, '');
  return {
    words: [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ''),
    head,
  };
}

async function run(command: string): Promise<string> {
  let out = '';
  const take = (text: string): void => void (out += text);
  const context: CliContext = { write: take, writeError: take, color: false, progress: false, exitCode: 0 };
  const { words, head } = wordsOf(command);
  await main(words, context);
  return head === Infinity ? out : `${out.split('\n').slice(0, head).join('\n')}\n`;
}

describe('the documents', () => {
  const examples = documents.flatMap(examplesIn);

  it('should have examples', () => {
    expect(examples.length).toBeGreaterThan(2);
  });

  for (const { document, command, output } of examples) {
    it(`should print what ${document} says: ${command}`, async () => {
      expect((await run(command)).trimEnd()).toBe(output.trimEnd());
    });
  }

  it('should list every operation of the workload language in docs/WORKLOADS.md', () => {
    const text = readFileSync(`${rootFolder}/docs/WORKLOADS.md`, 'utf8');
    for (const { name, usage, meaning } of OPERATIONS) {
      expect(text).toContain(`| \`${name} ${usage.replaceAll('|', '\\|')}\` | ${meaning} |`);
    }
  });
});
