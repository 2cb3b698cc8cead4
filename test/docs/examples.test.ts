/** Every example in the documents is run: `$ npx pmem-conform …` in a console block must print exactly what stands there. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '#pmem/language/operations.ts';
import { type ConsoleExample, consoleExamples, wordsOf } from '../support/console-examples.ts';
import { rootFolder } from '../support/project.ts';
import { isThorough } from '../support/thorough.ts';
import type { CliContext } from '../../cli/context.ts';
import { main } from '../../cli/main.ts';

const documents = ['README.md', ...readdirSync(`${rootFolder}/docs`).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

interface Example extends ConsoleExample {
  readonly document: string;
}

function examplesIn(document: string): Example[] {
  const text = readFileSync(`${rootFolder}/${document}`, 'utf8');
  return consoleExamples(text, 'npx pmem-conform').map((example) => ({ document, ...example }));
}

async function run(command: string): Promise<string> {
  let out = '';
  const take = (text: string): void => void (out += text);
  const context: CliContext = { write: take, writeError: take, color: false, progress: false, exitCode: 0 };
  const { words, head } = wordsOf(command.replace(/^npx pmem-conform\s*/, ''));
  await main(words, context);
  return head === Infinity ? out : `${out.split('\n').slice(0, head).join('\n')}\n`;
}

/** A step or a variant, which all scenarios are tried on. */
const takesLong = (command: string): boolean =>
  /^npx pmem-conform (review|run --(step|variant)) /.test(command);

describe('the documents', () => {
  const examples = documents.flatMap(examplesIn);

  it('should have examples', () => {
    expect(examples.length).toBeGreaterThan(2);
  });

  for (const { document, command, output } of examples) {
    it.runIf(isThorough || !takesLong(command))(
      `should print what ${document} says: ${command}`,
      async () => {
        expect((await run(command)).trimEnd()).toBe(output.trimEnd());
      },
    );
  }

  it('should list every operation of the workload language in docs/WORKLOADS.md', () => {
    const text = readFileSync(`${rootFolder}/docs/WORKLOADS.md`, 'utf8');
    for (const { name, usage, meaning } of OPERATIONS) {
      expect(text).toContain(`| \`${name} ${usage.replaceAll('|', '\\|')}\` | ${meaning} |`);
    }
  });
});
