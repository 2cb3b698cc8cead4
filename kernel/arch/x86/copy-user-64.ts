/**
 * arch/x86/lib/copy_user_64.S as of v4.5 .. v6.3: `__copy_user_nocache`, the routine whose exact stores the whole
 * series is about (memory-and-dax.md 3.1, 3.2; measured in golden/copy-user-nocache-stores.txt), and the ordinary
 * cached user copy. The series does not change this file. Loads come from plain bytes; a fault is where they end.
 */
import type { Kernel } from '../../kernel.ts';
import { type UserPointer, accessibleBytes, userBytes } from '../../lib/user-memory.ts';
import { wmb } from './special-insns.ts';

/**
 * __copy_user_nocache(dst, src, size): copies with non-temporal stores where whole 8-byte words allow it.
 * `sizeBytes` is an unsigned int. Returns the number of bytes not copied, 0 when all were.
 */
export function copyUserNocache(
  kernel: Kernel,
  destination: number,
  source: UserPointer,
  sizeBytes: number,
): number {
  const copy = new NocacheCopy(kernel, destination, source, sizeBytes >>> 0);
  return copy.run();
}

/** The registers of one call: how far it is, how much is left. */
class NocacheCopy {
  readonly kernel: Kernel;
  readonly destination: number;
  readonly source: UserPointer;
  readonly readable: number;
  done = 0;
  left: number;

  constructor(kernel: Kernel, destination: number, source: UserPointer, sizeBytes: number) {
    this.kernel = kernel;
    this.destination = destination;
    this.source = source;
    this.readable = accessibleBytes(source);
    this.left = sizeBytes;
  }

  run(): number {
    // A fault in the alignment loop goes to the byte-wise tail without a fence; all later ones fence first.
    if (this.left >= 8 && !this.cachedBytes((8 - (this.destination % 8)) % 8)) return this.copyTail();
    if (this.left >= 8 && !(this.blocks() && this.words(8))) return this.fencedTail();
    if (this.left >= 4 && (this.destination + this.done) % 4 === 0 && !this.words(4))
      return this.fencedTail();
    if (!this.cachedBytes(this.left)) return this.fencedTail();
    wmb(this.kernel);
    return 0;
  }

  /** 64-byte blocks of two halves; a half is loaded whole before any of it is stored. */
  blocks(): boolean {
    const blockCount = Math.floor(this.left / 64);
    const whole = Math.min(blockCount, Math.floor((this.readable - this.done) / 64));
    this.nonTemporal(whole * 64, 8);
    if (whole === blockCount) return true;
    if (this.readable - this.done >= 32) this.store(32, 8);
    return false;
  }

  /** One non-temporal store per `unit` bytes while that many are left (for 4: at most one). */
  words(unit: 4 | 8): boolean {
    const wanted = Math.floor(this.left / unit);
    const whole = Math.min(wanted, Math.floor((this.readable - this.done) / unit));
    this.nonTemporal(whole * unit, unit);
    return whole === wanted;
  }

  /** Single cached byte stores; false when the source faults before `count` of them. */
  cachedBytes(count: number): boolean {
    const whole = Math.min(count, this.readable - this.done);
    this.kernel.cpu.storeRange(this.destination + this.done, userBytes(this.source, this.done, whole), 1);
    this.advance(whole);
    return whole === count;
  }

  nonTemporal(sizeBytes: number, unit: 4 | 8): void {
    this.store(sizeBytes, unit);
    this.advance(sizeBytes);
  }

  store(sizeBytes: number, unit: 4 | 8): void {
    const bytes = userBytes(this.source, this.done, sizeBytes);
    this.kernel.cpu.storeNonTemporalRange(this.destination + this.done, bytes, unit);
  }

  advance(sizeBytes: number): void {
    this.done += sizeBytes;
    this.left -= sizeBytes;
  }

  fencedTail(): number {
    wmb(this.kernel);
    return this.copyTail();
  }

  /**
   * copy_user_handle_tail: what can still be read, through the cache, byte by byte, as 4.12.10 and 4.13.9 were seen to
   * do. (A later one is a rep movsb: the same bytes, also ascending.)
   */
  copyTail(): number {
    const tail = Math.min(this.left, this.readable - this.done);
    this.kernel.cpu.storeRange(this.destination + this.done, userBytes(this.source, this.done, tail), 1);
    return this.left - tail;
  }
}

/** copy_user_enhanced_fast_string: an ordinary cached copy. Returns the number of bytes not copied. */
export function copyUserGeneric(
  kernel: Kernel,
  destination: number,
  source: UserPointer,
  sizeBytes: number,
): number {
  const copied = Math.min(sizeBytes, accessibleBytes(source));
  kernel.cpu.storeString(destination, userBytes(source, 0, copied));
  return sizeBytes - copied;
}
