/**
 * Raw access to the bytes of a namespace, as the personalities above it use it (`nd_namespace_common->rw_bytes`,
 * include/linux/nd.h). For namespaces over memory it is `nsio_rw_bytes`, of which each tree has its own
 * (`drivers/nvdimm/claim.ts`; nvdimm-and-firmware.md 5): a write is durable when it returns 0.
 */

/** NVDIMM_IO_ATOMIC: set when the caller can not sleep, so poison is not cleared. */
export interface RawFlags {
  readonly atomic?: boolean;
}

/**
 * Reads into or writes from `buffer` at byte `offset` of the namespace. Returns 0 or a negative error number; a write
 * over a bad sector may have stored its bytes and still return -EIO.
 */
export type RawAccess = (offset: number, buffer: Uint8Array, isWrite: boolean, flags?: RawFlags) => number;
