/** What `conform review --serve` is told: where, what, and what to watch. */
import { join } from 'node:path';
import { InputError } from '#base/input-error.ts';
import type { Project } from '#engine/project.ts';
import type { CliContext } from '../context.ts';

export interface ServeOptions {
  /** `true` where none was given. */
  readonly port: string | true;
  readonly against?: string;
  readonly fresh: boolean;
}

const WORDS = ['--format', 'html', '--served'];

/** A port that stays the same, because browsers keep marks and notes by it. */
export const PORT = 7351;

/** Serves the book of a project, or of one step, until the user ends it. Throws `InputError` for what is no port. */
export async function serveReview(
  project: Project,
  step: number | undefined,
  { port: given, against, fresh }: ServeOptions,
  context: CliContext,
): Promise<void> {
  const port = given === true ? PORT : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InputError(`'${given}' is no port\n  allowed: 0 (any that is free) to 65535`);
  const { serveBook } = await import('./serve.ts');
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  await serveBook({
    port,
    words: [
      ...(context.config === undefined ? [] : ['--config', context.config]),
      ...(context.cacheDir === undefined ? [] : ['--cache-dir', context.cacheDir]),
      'review',
      ...(step === undefined ? [] : [String(step)]),
      ...WORDS,
      ...(against === undefined ? [] : ['--against', against]),
      ...(fresh ? ['--fresh'] : []),
    ],
    folder: context.folder ?? process.cwd(),
    watched: [...project.series.places, ...project.imports.map((name) => join(project.root, name))],
    say: (text) => context.writeError(`${text}\n`),
    signal: ending.signal,
  });
}
