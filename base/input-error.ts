/**
 * Something a user gave that cannot be used. The message is the whole answer: what was wrong, where (file, line,
 * word), what is allowed, what to do. The command line prints it without a stack trace and exits with 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
