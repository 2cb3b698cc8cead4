/** Mapping types of memremap (include/linux/io.h) and the claims on physical ranges. */
import { EBUSY } from '../errno.ts';
import { type Kernel, staticVariable } from '../kernel.ts';

/** Write-back and write-through mappings. Write-through is not simulated: its stores count as write-back ones. */
export const MEMREMAP_WB = 'write-back';
export const MEMREMAP_WT = 'write-through';

export type MemremapType = typeof MEMREMAP_WB | typeof MEMREMAP_WT;

interface Claim {
  readonly start: number;
  readonly sizeBytes: number;
  readonly owner: string;
}

const iomem = staticVariable('iomem_resource', () => new Set<Claim>());

/** devm_request_mem_region: claims a physical range for `owner`. Returns 0, or -EBUSY when it overlaps a claim. */
export function requestMemRegion(kernel: Kernel, start: number, sizeBytes: number, owner: string): number {
  for (const claim of iomem(kernel)) {
    if (start < claim.start + claim.sizeBytes && claim.start < start + sizeBytes) return -EBUSY;
  }
  iomem(kernel).add({ start, sizeBytes, owner });
  return 0;
}

/** devm_release_mem_region: gives up the claim that starts at `start`. */
export function releaseMemRegion(kernel: Kernel, start: number): void {
  for (const claim of iomem(kernel)) if (claim.start === start) iomem(kernel).delete(claim);
}
