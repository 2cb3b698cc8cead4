/** One operation of a run while it is judged: what the model knows, and what the run did. */
import type { CrashHistory } from '#machine/images/crash-images.ts';
import type { ImageSet } from '#machine/images/image-set.ts';
import type { EntrySpan } from '#machine/order/same-record.ts';
import type { Operation } from '#kernel/subsystem/operation.ts';
import { PAGE_SIZE_BYTES } from '#machine/hardware/units.ts';
import { placeOf } from '../compare/losses.ts';
import type { Outcome } from '../run/run.ts';
import type { Findings, PromiseRule } from './finding.ts';
import type { PromiseState } from './state.ts';
import type { NewestContents } from './stored-bytes.ts';
import type { ByteSpace, Page, PendingVersion, Piece } from './versions.ts';
import { isFailure } from './writes.ts';

export class JudgedStep {
  readonly state: PromiseState;
  readonly findings: Findings;
  readonly outcome: Outcome;
  readonly operation: Operation;
  /** The newest content of memory, this operation's stores included. */
  readonly newest: NewestContents;
  /** An operation that ran at the same time. */
  readonly rival: number | undefined;
  /** Of this operation's entries those of another one that ran inside it. */
  readonly inner: EntrySpan | undefined;
  /** The versions that the operation added. */
  own: readonly { readonly space: ByteSpace; readonly written: PendingVersion }[] = [];
  #acked: ImageSet | undefined;

  constructor(
    state: PromiseState,
    findings: Findings,
    newest: NewestContents,
    outcome: Outcome,
    operation: Operation,
    rival?: number,
    inner?: EntrySpan,
  ) {
    this.state = state;
    this.findings = findings;
    this.newest = newest;
    this.outcome = outcome;
    this.operation = operation;
    this.rival = rival;
    this.inner = inner;
  }

  get index(): number {
    return this.outcome.index;
  }

  /** Whether nobody heard of success. */
  get isFailed(): boolean {
    return this.outcome.isInterrupted === true || isFailure(this.outcome.result);
  }

  get history(): CrashHistory {
    return this.state.life.history;
  }

  /** The images that a power failure may leave once the operation has returned. */
  get acked(): ImageSet {
    this.#acked ??= this.history.acked(this.outcome.acknowledgement);
    return this.#acked;
  }

  /** Notes that a byte breaks a rule; `writer` is the operation whose content should have been there. */
  find(rule: PromiseRule, writer: number, address: number, space: ByteSpace = this.state.memory): void {
    const place = space.isMemory
      ? placeOf(address, this.state.life.subsystem.memory)
      : { disk: space.disk, offset: address };
    this.findings.add(rule, this.index, writer, place);
    if (space.isMemory) this.findings.onByte({ rule, index: this.index, address });
  }
}

/** Cuts a piece at the ends of pages; `done` counts from the first byte of the whole. */
export function* pagesOf({
  space,
  address,
  length,
  done,
}: Pick<Piece, 'space' | 'address' | 'length' | 'done'>): Generator<{
  page: Page;
  from: number;
  to: number;
  done: number;
}> {
  for (let at = address; at < address + length;) {
    const from = at % PAGE_SIZE_BYTES;
    const to = Math.min(PAGE_SIZE_BYTES, from + address + length - at);
    yield { page: space.page((at - from) / PAGE_SIZE_BYTES), from, to, done: done + at - address };
    at += to - from;
  }
}
