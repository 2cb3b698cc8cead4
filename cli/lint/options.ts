/** Options of `conform lint` and `conform graph` as the command line gives them. */
import type { CompilerName } from '#checks/oracle/compiler.ts';
import type { Share } from '#engine/share.ts';
import type { Format } from '#checks/report/formats.ts';

/** Which project is meant, and by which rules. */
export interface ProjectOptions {
  readonly project?: readonly string[];
  readonly rules?: string;
  readonly base?: string;
  readonly oracle: CompilerName;
}

export interface LintOptions extends ProjectOptions {
  readonly step?: string;
  readonly only?: readonly string[];
  readonly tag?: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly accept?: readonly string[] | true;
  readonly explain?: string;
  readonly trace?: string;
  readonly updateApi?: boolean;
  readonly crossCheck?: boolean;
  readonly cache: boolean;
  readonly listUncovered?: boolean;
  readonly listExceptions?: boolean;
  readonly own?: boolean;
  readonly init?: boolean;
  readonly shard?: Share;
  readonly affected?: string;
  readonly maxWarnings?: number;
  readonly maxShown?: number;
  readonly language?: 'typescript' | 'c';
  readonly repository?: string;
  readonly range?: string;
  readonly firstParent?: boolean;
  readonly pathspec?: readonly string[];
  readonly assume?: readonly string[];
  readonly mbox?: string;
  readonly cached?: boolean;
  readonly workingTree?: boolean;
  readonly againstC?: string;
}
