/** Runs the command line in this process, in a folder of a user's own, and keeps what it prints. */
import type { CliContext } from '../../cli/context.ts';
import { main } from '../../cli/main.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function conformIn(
  where: { readonly folder: string; readonly cacheHome: string },
  words: readonly string[],
): Promise<Printed> {
  let [out, err] = ['', ''];
  const context: CliContext = {
    ...where,
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
    color: false,
    progress: false,
    exitCode: 0,
  };
  return { code: await main(words, context), out, err };
}
