/**
 * Errors of the system that are about the machine that we run on or about a name that we were given, not about what we do: no rights,
 * no room, nothing left to open, a null byte in a name; links that lead in a circle, names below a file, a folder where a file is read, a device that is not there.
 */

const REASONS = new Set([
  'EACCES',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'ENOTDIR',
  'ENXIO',
  'EPERM',
  'EROFS',
]);

/** What to say of such an error; nothing for any other. */
export function whatSystemDenies(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_ARG_VALUE' && message.includes('null bytes'))
    return `${message}\n  to do: take the null byte out of what was given`;
  // Made below the folder of the system for such things, and nowhere else.
  const isTemporary = syscall === 'mkdtemp';
  if (syscall === undefined || (!isTemporary && !REASONS.has(code ?? ''))) return undefined;
  const todo = isTemporary
    ? 'set TMPDIR, or XDG_CACHE_HOME, to a folder that can be written'
    : 'see to what is there, to rights and to room';
  return `${message}\n  to do: ${todo}`;
}
