/** Says that a question has no answer without a compiler; the project is then opened with one. */
export class NeedsCompilerError extends Error {}

/** For questions nobody can answer from syntax alone. */
export function needsCompiler(): never {
  throw new NeedsCompilerError('this question needs a compiler');
}
