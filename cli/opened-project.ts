/**
 * The project that a command works on: that of the nearest configuration upwards from the working directory, else the one that this
 * tool comes with.
 */
import { openProject, type Project } from '#engine/project.ts';
import type { CliContext } from './context.ts';
import { ownProject } from './own-project.ts';
import { findConfiguration, readConfiguration } from './user-configuration.ts';

/** Opens the project. Throws `InputError` for a configuration that cannot be used. */
export async function openedProject(context: CliContext): Promise<Project> {
  const path = context.config ?? findConfiguration(context.folder ?? process.cwd());
  if (path === undefined) return ownProject(context);
  return openProject(await readConfiguration(path), {
    cacheDir: context.cacheDir,
    cacheHome: context.cacheHome,
    warn: (message) => context.writeError(`${message}\n`),
  });
}
