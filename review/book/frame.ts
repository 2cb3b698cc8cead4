/** What stands around the pages: the bar on top with the search, and the rail of steps. */
import { counted } from '#base/counted.ts';
import { html, type Html } from '../html-template.ts';
import { stepAddress } from './anchors.ts';
import { type Book, fingerprintOf } from './model.ts';
import { STANDINGS, standingOf } from './verdict.ts';

export function topHtml({ reviews }: Book): Html {
  const failures = reviews.reduce(
    (sum, { evidence, apiProblems }) => sum + evidence.failures.length + (apiProblems.length > 0 ? 1 : 0),
    0,
  );
  return html`<header class="top">
    <h1>Review book</h1>
    <button
      type="button"
      class="js-only rail-button"
      data-do="rail"
      aria-expanded="false"
      aria-controls="rail"
    >
      steps
    </button>
    <div class="search js-only">
      <input
        id="search"
        type="search"
        role="combobox"
        aria-label="search steps, claims, failures, files, lines"
        aria-expanded="false"
        aria-controls="found"
        aria-autocomplete="list"
        placeholder="Search  /"
        autocomplete="off"
        spellcheck="false"
      />
      <ul id="found" role="listbox" aria-label="found" hidden></ul>
    </div>
    <span class="space"></span>
    ${failures === 0 ? '' : html`<button type="button" class="js-only" data-do="next-failure"><span class="fails" aria-hidden="true">✗</span> ${counted(failures, 'failure')}</button>`}
    <span class="progress js-only" role="status"></span>
    <button type="button" class="js-only" data-do="theme">theme</button>
    <button type="button" class="js-only" data-do="help" aria-label="keys">?</button>
  </header>`;
}

export function railHtml({ reviews }: Book): Html {
  return html`<nav class="rail" id="rail" aria-label="Steps">
    <a href="#cover"><span></span><span></span><span>Cover</span></a>
    <ol>
      ${reviews.map((review) => {
        const standing = standingOf(review);
        const { sign, word } = STANDINGS[standing];
        return html`<li>
          <a href="#${stepAddress(review.step)}" data-entry="${fingerprintOf(review)}"
            ><span class="${standing}" aria-hidden="true">${sign}</span
            ><span class="number">${review.step}</span
            ><span>${review.subject}<span class="vh">, ${word}</span></span
            ><span class="done" aria-label="reviewed" role="img" hidden>✓</span></a
          >
        </li> `;
      })}
    </ol>
  </nav>`;
}
