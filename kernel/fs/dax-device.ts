/**
 * struct dax_device as everything outside the series' files sees it. The operations a driver may publish beyond
 * direct_access are the trees' `include/linux/dax.ts`.
 */
import type { Kernel } from '../kernel.ts';

/** What direct_access finds. */
export interface DirectAccess {
  /** Pages available from the offset asked for, or a negative error; the rest is meaningless then. */
  readonly pages: number;
  /** Kernel address of the first page. */
  readonly address: number;
  /** The address that its pfn stands for, where processes are mapped to; absent when it is `address`. */
  readonly pfnAddress?: number;
  /** Whether the memory has struct pages (PFN_MAP), which huge mappings need. */
  readonly hasStructPages: boolean;
}

/** The operation every dax driver has. */
export interface DaxDriver {
  /** Translates `pageCount` pages from page `pgoff` of `dax`. */
  directAccess(kernel: Kernel, dax: DaxDevice, pgoff: number, pageCount: number): DirectAccess;
}

export interface DaxDevice {
  /** Name of the disk it belongs to. */
  readonly hostName: string;
  readonly operations: DaxDriver;
  /** False once kill_dax ran: nothing reaches the driver any more. */
  alive: boolean;
}

/** A direct_access that failed with the negative `error`. */
export function noAccess(error: number): DirectAccess {
  return { pages: error, address: 0, hasStructPages: false };
}
