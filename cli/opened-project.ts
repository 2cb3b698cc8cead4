/**
 * The project that a command works on: that of the nearest configuration upwards from the working directory, else the one that this
 * tool comes with.
 */
import { openProject, type Project, type ProjectConfiguration } from '#engine/project.ts';
import type { CliContext } from './context.ts';
import { findConfiguration, readConfiguration, type UserLint, userProject } from './user-configuration.ts';

/** Opens the project. Throws `InputError` for a configuration that cannot be used. */
export async function openedProject(context: CliContext): Promise<Project> {
  const configuration = await nearestConfiguration(context);
  if (configuration !== undefined) return opened(configuration, context);
  // The simulator behind it takes a while to load.
  const { ownProject } = await import('./own-project.ts');
  return ownProject(context);
}

/** Opens the project where it is a user's, from data; nothing where it is another. */
export async function openedUserProject(context: CliContext): Promise<Project<UserLint> | undefined> {
  const configuration = await nearestConfiguration(context);
  const own = configuration && userProject(configuration);
  return own && opened(own, context);
}

async function nearestConfiguration(context: CliContext): Promise<ProjectConfiguration | undefined> {
  const path = context.config ?? findConfiguration(context.folder ?? process.cwd());
  return path === undefined ? undefined : readConfiguration(path);
}

const opened = <Lint>(
  configuration: ProjectConfiguration<Lint>,
  { cacheDir, cacheHome, writeError }: CliContext,
): Project<Lint> =>
  openProject(configuration, {
    cacheDir,
    cacheHome,
    warn: (message) => writeError(`${message}\n`),
  });
