/**
 * What a probe is: a command in any language that gets a workload and prints what can be observed. Everything here is plain data, as
 * it stands in a configuration.
 */
import type { DimensionOptions, ProbeConfiguration } from '../define-project.mjs';

/** How the values of one dimension are compared. */
export type ProbeDimension = DimensionOptions;

/** A volatile part of values, put the same on both sides before they are compared. */
export type Normalisation = NonNullable<ProbeConfiguration['normalise']>[number];

/** Workloads that a command makes. */
export type GeneratedWorkloads = NonNullable<ProbeConfiguration['generate']>;

export interface ProbeOptions extends Omit<ProbeConfiguration, 'dimensions'> {
  /** Absolute folder of the project. */
  readonly root: string;
  readonly dimensions: Readonly<Record<string, ProbeDimension>>;
}
