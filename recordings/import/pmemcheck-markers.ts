/** Markers of a pmemcheck log: operations that begin and end, requests to an old pmreorder, and text that means nothing to us. */
import { excerpt } from './pmemcheck-text.ts';

/** Requests to an old pmreorder, which say nothing about what persists. */
export const REQUESTS: ReadonlySet<string> = new Set([
  'FREORDER',
  'FAULT_ONLY',
  'PREORDER',
  'NO_REORDER_FAULT',
  'DEFAULT_REORDER',
]);

/** What a marker says. */
export interface Marker {
  readonly name: string;
  readonly edge: 'BEGIN' | 'END' | undefined;
  readonly acknowledges: boolean;
}

export class PmemcheckMarkers {
  readonly #acknowledging: readonly string[];
  // How often each name is open, because operations need not nest.
  readonly #open = new Map<string, number>();
  #requests = 0;
  #plain = 0;

  /** `acknowledging`: texts that acknowledge although they have no END. */
  constructor(acknowledging: readonly string[]) {
    this.#acknowledging = acknowledging;
  }

  /** Reads a record that is no other; `word` is what stands before its first ';', in capitals. */
  read(text: string, word: string): Marker | { readonly wrong: string } {
    if (text === '') return { wrong: "expected a record between two '|', found nothing" };
    const none = { name: text, edge: undefined, acknowledges: false };
    if (REQUESTS.has(word)) {
      this.#requests++;
      return none;
    }
    const [, name = '', edge] = /^(.*)\.(BEGIN|END)$/s.exec(text) ?? [];
    const open = this.#open.get(name) ?? 0;
    if (edge === 'BEGIN') {
      this.#open.set(name, open + 1);
      return { name, edge, acknowledges: false };
    }
    if (edge === 'END') {
      if (open === 0) return { wrong: `${excerpt(name)}.END without a ${excerpt(name)}.BEGIN before it` };
      this.#open.set(name, open - 1);
      return { name, edge, acknowledges: true };
    }
    if (this.#acknowledging.includes(text)) return { ...none, acknowledges: true };
    if (/^(STORE|FLUSH|FENCE|REGISTER|DEEP)/.test(word))
      return {
        wrong: `expected STORE, FLUSH, FENCE, REGISTER_FILE, DEEP_SYNC, a marker or STOP, found '${excerpt(text)}'`,
      };
    this.#plain++;
    return none;
  }

  /** What was skipped, and what is still open. */
  tally(): { readonly requests: number; readonly plainMarkers: number; readonly open: readonly string[] } {
    const open = [...this.#open].filter(([, depth]) => depth > 0).map(([name]) => name);
    return { requests: this.#requests, plainMarkers: this.#plain, open };
  }
}
