/** One step as a reviewer sees it: contract, diff, API delta, callers, evidence, joined. Rendered by `text.ts` and `html.ts`. */
import type { Contract } from '#engine/contract.ts';
import type { StepEvidence } from '#engine/judge.ts';
import type { MailHeaders } from '#engine/series/mail.ts';
import type { Dimension, FileLines, Relation, Shown, UnnoticedChanges } from '#engine/subject.ts';

/** An exported symbol of a tree, `FILE.ts#name`, and its signature as text. */
export interface ApiSymbol {
  readonly symbol: string;
  readonly signature: string;
}

/** What a step changes in what its files export. */
export interface ApiDelta {
  readonly added: readonly ApiSymbol[];
  readonly removed: readonly ApiSymbol[];
  /** Same signature and body, another file. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly changed: readonly { readonly symbol: string; readonly before: string; readonly after: string }[];
}

/** A place that called one thing before the step and calls another after it. */
export interface CallerMoved {
  /** File and line in the tree after the step. */
  readonly place: string;
  /** The function that calls, `FILE.ts#name` in the tree after the step. */
  readonly caller: string;
  /** What it no longer calls there; empty for a call that is new. */
  readonly from: string;
  /** What it calls instead; empty for a call that is gone. */
  readonly to: string;
  /** Further names of `from` and `to`, as `FILE.ts#name`: modules that pass them on by re-export. */
  readonly fromAlso: readonly string[];
  readonly toAlso: readonly string[];
}

/** One line of a diff. `moved` marks a line that was taken out elsewhere in the same patch, or put in elsewhere. */
export interface DiffLine {
  readonly kind: ' ' | '+' | '-';
  readonly text: string;
  readonly moved: boolean;
  /** The number of the run of lines that it was moved with: the same where the run was taken out and where it was put in. */
  readonly run?: number;
}

export interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffFile {
  readonly file: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly hunks: readonly DiffHunk[];
}

/** One observed difference, told so that it can be seen again. */
export interface Witness {
  readonly dimension: string;
  readonly relation: Relation;
  /** The name of the workload. */
  readonly workload: string;
  /** The workload itself, one operation a line. */
  readonly text?: string;
  /** The command that runs it again. */
  readonly replay?: string;
  /** Place in the workload, counted from 0; -1 for the whole of it. */
  readonly index: number;
  /** What was done there. */
  readonly at: string;
  /** What it was and what it is, in a few words. */
  readonly before: string;
  readonly after: string;
  /** An image, and what both sides did; only where that was asked for. */
  readonly shown?: Shown;
}

/** One thing that a step claims, and what there is to show for it. */
export interface Claim {
  /** Names the claim among those of its step: letters, digits, `-`, `_`, `$`. */
  readonly id: string;
  /** A sentence without a full stop. */
  readonly text: string;
  /** The declaration that it is of, with its condition in words. */
  readonly declaration?: { readonly id: string; readonly when: string; readonly because: string };
  readonly isKept: boolean;
  /** How much was looked at or found, in a few words. */
  readonly seen: string;
  /** What speaks against it, a sentence each. */
  readonly problems?: readonly string[];
  readonly witness?: Witness;
}

/** Everything about one step. */
export interface StepReview {
  readonly step: number;
  readonly subject: string;
  readonly message: string;
  /** The mail that it was posted as, as far as its patch or commit tells. */
  readonly mail?: MailHeaders;
  readonly contract: Contract;
  readonly diff: readonly DiffFile[];
  /** Absent, as `callers`, where exports cannot be read. */
  readonly api?: ApiDelta;
  /** Where the contract's API and caller lists and what was found disagree; empty when they agree. */
  readonly apiProblems: readonly string[];
  readonly callers?: readonly CallerMoved[];
  readonly evidence: StepEvidence;
  readonly claims: readonly Claim[];
  readonly dimensions: readonly Dimension[];
  /** Lines that the step adds or changes and no workload runs, in files after it; absent where nobody looked. */
  readonly notReached?: readonly FileLines[];
  /** Changes of the other new lines, one thing at a time, that no workload notices; absent where nobody tried. */
  readonly unnoticed?: UnnoticedChanges;
  /** Operations of the language of workloads that none of them makes use of; absent where nobody can list them. */
  readonly unused?: readonly string[] | undefined;
  readonly verdict: 'holds' | 'fails';
}

/** How one check came out at one step. */
export interface MatrixCell {
  /** `declared`: a difference that the contract declares; `none`: the check does not apply here. */
  readonly outcome: 'ok' | 'declared' | 'fails' | 'none';
  /** At most a few characters shown in place of the outcome, such as a count. */
  readonly note?: string;
}

/** Step x check. */
export interface CheckMatrix {
  readonly checks: readonly string[];
  readonly rows: readonly {
    readonly step: number;
    readonly subject: string;
    /** One for each check, in order. */
    readonly cells: readonly MatrixCell[];
  }[];
}
