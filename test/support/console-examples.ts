/** Commands in the `console` blocks of a document, with what they are said to print. */

export interface ConsoleExample {
  readonly command: string;
  readonly output: string;
}

/** Examples whose command begins with `prefix`. */
export function consoleExamples(text: string, prefix: string): ConsoleExample[] {
  return [...text.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .filter((part) => part.startsWith(prefix))
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { command, output: output.join('\n') };
      }),
  );
}

/** The words of a command as a shell splits them; understands quotes and a final `| head -N`. */
export function wordsOf(command: string): { words: string[]; head: number } {
  const head = Number(/\| head -(\d+)$/.exec(command)?.[1] ?? Infinity);
  const plain = command.replace(/\s*\| head -\d+$/, '');
  return {
    words: [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ''),
    head,
  };
}
