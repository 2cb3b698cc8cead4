/** The options of `conform run`. */
import type { Share } from '#engine/share.ts';
import type { CaseFormat } from '../report/cases.ts';

export interface RunOptions {
  readonly format: 'text' | CaseFormat;
  readonly output?: string;
  readonly shard?: Share;
  readonly only?: string;
  readonly scenarios?: string;
  readonly before?: string;
  readonly after?: string;
  readonly ends: boolean;
  readonly step?: string;
  readonly from?: string;
  readonly variant?: string;
  readonly fresh: boolean;
  readonly verbose: boolean;
  readonly coverage: boolean;
}
