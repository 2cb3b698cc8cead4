/**
 * The five copy routines of golden/copy-byte-states.csv, each loaded from the tree that has it, behind one shape: copy
 * these bytes there. They lie below the subsystem interface, which is why they are reached by path.
 */
import type { Kernel } from '#kernel/kernel.ts';
import type { UserPointer } from '#kernel/lib/user-memory.ts';
import type { Vector } from '#kernel/lib/vector.ts';
import { loadTreeModule } from '../tree-module.ts';

/** Names of the routines. `copy_user_flushcache_*` is one user segment; `_posted` as patch 1 had it. */
export const COPY_ROUTINES = [
  'memcpy_to_pmem',
  'copy_from_iter_pmem',
  'copy_user_flushcache_posted',
  'copy_user_flushcache_fixed',
  'memcpy_flushcache',
] as const;

export type CopyRoutine = (typeof COPY_ROUTINES)[number];

/** Copies `bytes` to machine address `destination`. */
export type Copy = (kernel: Kernel, destination: number, bytes: Uint8Array) => void;

interface PmemApi {
  memcpyToPmem: Copy;
  copyFromIterPmem: (kernel: Kernel, address: number, sizeBytes: number, iter: unknown) => number;
}

interface IovIterLibrary {
  iovIterInit: (vector: Vector) => unknown;
}

interface Uaccess {
  copyFromUserInatomicNocache: (
    kernel: Kernel,
    destination: number,
    source: UserPointer,
    sizeBytes: number,
  ) => number;
}

interface Usercopy {
  memcpyFlushcache: Copy;
  copyUserFlushcache: (kernel: Kernel, destination: number, source: UserPointer, sizeBytes: number) => number;
}

/** The folder of a tree of that name. */
export type FolderOf = (tree: string) => string;

async function moduleOf<Module>(folder: string, file: string): Promise<Module> {
  return (await loadTreeModule<Module>(folder, file)).exports;
}

/** Loads a routine from the tree that has it. */
export async function loadRoutine(routine: CopyRoutine, folderOf: FolderOf): Promise<Copy> {
  switch (routine) {
    case 'memcpy_to_pmem':
      return (await moduleOf<PmemApi>(folderOf('before'), 'include/linux/pmem.ts')).memcpyToPmem;
    case 'copy_from_iter_pmem': {
      const { copyFromIterPmem } = await moduleOf<PmemApi>(folderOf('before'), 'include/linux/pmem.ts');
      const { iovIterInit } = await moduleOf<IovIterLibrary>(folderOf('before'), 'lib/iov_iter.ts');
      const { copyFromUserInatomicNocache } = await moduleOf<Uaccess>(
        folderOf('before'),
        'arch/x86/include/asm/uaccess_64.ts',
      );
      return (kernel, destination, bytes) => {
        // The table was measured on the copy of one user segment, which an iterator skips when it is empty.
        const segment = { bytes, accessibleBytes: bytes.length };
        if (bytes.length === 0) copyFromUserInatomicNocache(kernel, destination, { segment, offset: 0 }, 0);
        const segments = [segment];
        copyFromIterPmem(kernel, destination, bytes.length, iovIterInit({ kind: 'iovec', segments }));
      };
    }
    case 'copy_user_flushcache_posted':
    case 'copy_user_flushcache_fixed': {
      const tree = routine.endsWith('posted') ? 'as-posted' : 'after';
      const { copyUserFlushcache } = await moduleOf<Usercopy>(folderOf(tree), 'arch/x86/lib/usercopy_64.ts');
      return (kernel, destination, bytes) => {
        const segment = { bytes, accessibleBytes: bytes.length };
        copyUserFlushcache(kernel, destination, { segment, offset: 0 }, bytes.length);
      };
    }
    case 'memcpy_flushcache':
      return (await moduleOf<Usercopy>(folderOf('after'), 'arch/x86/lib/usercopy_64.ts')).memcpyFlushcache;
  }
}
