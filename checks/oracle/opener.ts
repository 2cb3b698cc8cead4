/** What opens projects, whichever compiler does it. */
import path from 'node:path';
import { InputError } from '#base/input-error.ts';
import { missingReferences } from '../resolve/solution.ts';
import type { Compiler } from './compiler.ts';

/** A configuration names no source file: nothing can be judged. */
export class NoFilesError extends InputError {
  constructor(tsconfig: string) {
    const why = missingReferences(path.resolve(tsconfig)).map((note) => `\n  ${note}`);
    super(
      `${tsconfig}: the project names no source file. Check "files", "include" and "exclude".${why.join('')}`,
    );
  }
}

/** One project to open: a configuration, and the files to judge when not those it names. */
export interface ProjectSource {
  readonly tsconfig: string;
  /** Absolute paths of the files to judge instead of those the configuration names. */
  readonly files?: readonly string[];
}

/** Opens projects one after another; what they share is parsed once. */
export interface Opener {
  /** A project read without a compiler, for rules that only ask where imports lead; absent where none may be. */
  readonly openSyntax?: ((source: ProjectSource) => Compiler) | undefined;
  /** One compiler, or several where a project of references cannot be opened as one. */
  readonly open: (source: ProjectSource) => readonly [Compiler, ...Compiler[]];
  /** Ends what serves all projects opened. */
  readonly close: () => void;
}
