/**
 * The choices under which a record is read: what a power failure spares, and the points on which processors or
 * their manuals leave room (persistency.md 1.3, 1.3a, 1.4 and 4.6). One setting holds for a whole comparison; two
 * runs read under different settings are not comparable.
 */
import type { PowerFailDomain } from '../hardware/machine.ts';

export interface PersistencySetting {
  readonly domain: PowerFailDomain;
  /**
   * What a non-temporal store does to other dirty bytes of its line (1.3a). `independent`: nothing, the piece
   * reaches memory alone. `write-back`: whatever already left the store buffer for that line is written back first.
   */
  readonly nonTemporalInDirtyLine: 'independent' | 'write-back';
  /**
   * Whether a write-back instruction waits for earlier non-temporal stores to its line, and a later non-temporal store
   * for an earlier clflush of its line (1.4, note c; the second not with `amd`). `nt_fl` in litmus files.
   */
  readonly flushCoversNonTemporal: boolean;
  /** Whether the 8-byte pieces of one string instruction keep ascending order or none (4.6). */
  readonly stringStores: 'ascending' | 'unordered';
  /**
   * `intel`: clflush completes before the next store leaves. `amd`: clflush is ordered by mfence only, so it works
   * like a clflushopt that sfence does not complete (mfence and locked instructions do).
   */
  readonly clflushOrdering: 'intel' | 'amd';
}

/** The project's defaults for everything but the power-fail domain. */
export function persistencySetting(
  domain: PowerFailDomain,
  changes: Partial<Omit<PersistencySetting, 'domain'>> = {},
): PersistencySetting {
  return {
    domain,
    nonTemporalInDirtyLine: 'independent',
    flushCoversNonTemporal: false,
    stringStores: 'ascending',
    clflushOrdering: 'intel',
    ...changes,
  };
}
