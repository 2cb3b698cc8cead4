/** The cover: the verdict in a sentence, what the author says of the series, the map, callers of what goes, variants, what was not looked at. */
import { counted } from '#base/counted.ts';
import type { CoverLetter } from '#engine/series/mail.ts';
import { html, type Html } from '../html-template.ts';
import type { StepReview } from '../model.ts';
import { linesOf, withoutEffect } from '../unnoticed.ts';
import { stepsBehind } from '../suspects.ts';
import { failureAddress, partAddress, stepAddress } from './anchors.ts';
import type { Book } from './model.ts';
import { mapHtml } from './map.ts';
import { boxHtml, paragraphsHtml, preHtml } from './parts.ts';
import { trendsHtml } from './trends.ts';
import { variantsHtml } from './variants.ts';
import { bookVerdict } from './verdict.ts';

export function coverHtml(book: Book): Html {
  const { title, letter, reviews, additions, versions } = book;
  const { isGood, word, text } = bookVerdict(reviews, additions);
  const from = [letter?.author ?? '', letter?.date ?? ''].filter((part) => part !== '');
  return html`<section class="page" id="cover" data-page data-subject="cover" aria-labelledby="cover-title">
    <p class="eyebrow">
      ${from.length === 0 ? counted(reviews.length, 'step') : from.map((part) => html`<span>${part}</span> `)}
    </p>
    <h2 id="cover-title">${letter?.subject || title}</h2>
    <p class="verdict ${isGood ? 'holds' : 'fails'}">
      <strong>${isGood ? '✓' : '✗'} ${word}</strong> ${text}
    </p>
    ${
      additions.length === 0
        ? ''
        : html`<ul>
            ${additions.map((problem) => html`<li>${problem}</li>`)}
          </ul>`
    }
    ${failingHtml(reviews)} ${versions} ${mapHtml(book)} ${trendsHtml(book)}
    ${book.variants === undefined ? '' : variantsHtml(book.variants)} ${missingHtml(book)}
    ${letter === undefined ? '' : letterHtml(letter)}
    <p class="js-only"><button type="button" data-do="save-all">save all replies as text</button></p>
  </section> `;
}

/** Where to look for the cause, if not in the step that fails alone. */
function lookAt(steps: readonly number[], step: number, reviews: readonly StepReview[]): Html | '' {
  if (steps.every((one) => one === step)) return '';
  const isHere = (number: number): boolean => reviews.some((review) => review.step === number);
  const links = steps.map((one, index) => {
    const name = isHere(one) ? html`<a href="#${stepAddress(one)}">step ${one}</a>` : `step ${one}`;
    return html`${index === 0 ? '' : ' and '}${name}`;
  });
  return html`. Look at ${links}`;
}

/** Every failure of the series with a link, so that none has to be looked for. */
function failingHtml(reviews: readonly StepReview[]): Html | '' {
  const failing = reviews.filter(({ verdict }) => verdict === 'fails');
  if (failing.length === 0) return '';
  return boxHtml(
    { id: 'cover-failures', title: 'What fails', kind: 'fails' },
    html`<ul class="body">
      ${failing.flatMap(({ step, evidence, apiProblems }) => [
        ...evidence.failures.map(
          (failure, index) =>
            html`<li>
              Step ${step}:
              <a href="#${failureAddress(step, index + 1)}"
                >${failure.kind}${failure.cause === '' ? '' : ` in ${failure.cause}`}</a
              >
              ${failure.message}${lookAt(stepsBehind(failure), step, reviews)}
            </li> `,
        ),
        ...apiProblems.map(
          (problem) =>
            html`<li>
              Step ${step}:
              <a href="#${partAddress(step, 'disagreement')}">contract and step disagree</a> ${problem}
            </li> `,
        ),
      ])}
    </ul>`,
  );
}

/** What nothing was said about, over all steps. */
function missingHtml({ reviews, variants }: Book): Html {
  const unused = reviews[0]?.unused;
  const untried = reviews.filter(({ evidence }) => evidence.untried.length > 0);
  const unread = reviews.some(({ api }) => api === undefined);
  const looked = reviews.filter(({ notReached }) => notReached !== undefined);
  const unreached = looked.filter(({ notReached }) => (notReached?.length ?? 0) > 0);
  const tried = reviews.filter(({ unnoticed }) => unnoticed !== undefined);
  const idle = tried.filter((review) => withoutEffect(review).length > 0);
  const standing = [...new Set(reviews.flatMap(({ evidence }) => evidence.standing))];
  return boxHtml(
    { id: 'cover-missing', title: 'Not looked at' },
    html`<ul class="body">
      <li>A step holds for the scenarios that were run, not for all workloads.</li>
      ${
        unused === undefined
          ? ''
          : html`<li>
              ${unused.length === 0 ? 'Some scenario uses every operation of the language of workloads.' : `Operations that no scenario uses: ${unused.join(', ')}.`}
            </li>`
      }
      ${
        looked.length < reviews.length
          ? html`<li>
              Nobody looked which new lines a workload runs${looked.length === 0 ? '' : ' in some steps'}.
            </li>`
          : unreached.length === 0
            ? html`<li>Some workload runs every line that the series adds.</li>`
            : html`<li>
                New lines that no workload runs:
                ${unreached.map(({ step, notReached }) => html`<a href="#${partAddress(step, 'missing')}">step ${step}</a> (${sumOf(notReached?.map(({ lines }) => lines.length) ?? [])}) `)}
              </li>`
      }
      ${
        tried.length === 0
          ? html`<li>Nobody tried whether an outcome depends on the new lines that run.</li>`
          : idle.length === 0
            ? html`<li>Some outcome depends on every new line that runs.</li>`
            : html`<li>
                New lines with code that no outcome depends on:
                ${idle.map((review) => html`<a href="#${partAddress(review.step, 'missing')}">step ${review.step}</a> (${linesOf(withoutEffect(review))}) `)}
              </li>`
      }
      ${untried.map(({ step, evidence }) => html`<li><a href="#${partAddress(step, 'missing')}">Step ${step}</a>: ${counted(evidence.untried.length, 'scenario')} of ${evidence.workloads} say nothing.</li> `)}
      ${unread ? html`<li>Exports and callers: these trees are in a language that nobody reads here.</li>` : ''}
      ${variants === undefined ? html`<li>Variants were not judged.</li>` : ''}
      ${
        standing.length === 0
          ? ''
          : html`<li>
              <details>
                <summary>
                  Known before the series: ${counted(standing.length, 'scenario')} that break a promise in
                  every tree, or in some step and the one before it
                </summary>
                <ul>
                  ${standing.map((name) => html`<li>${name}</li> `)}
                </ul>
              </details>
            </li>`
      }
    </ul>`,
  );
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function letterHtml({ body }: CoverLetter): Html {
  // What git writes below a letter: names of authors with their counts, subjects, files.
  const start = body.search(/^(?:---\n\s*)?\S.* \(\d+\):$/m);
  const [words, counts] = start < 0 ? [body, ''] : [body.slice(0, start), body.slice(start)];
  return boxHtml(
    { id: 'cover-letter', title: 'The cover letter' },
    html`<div class="body">
      ${paragraphsHtml(words, linked)}
      ${
        counts === ''
          ? ''
          : html`<details>
              <summary>Shortlog and files</summary>
              ${preHtml(counts.trim(), 'shortlog and files')}
            </details>`
      }
    </div>`,
  );
}

/** Text with its web addresses as links. */
function linked(text: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"')\]]+)/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<a href="${part}" rel="noreferrer noopener">${part}</a>` : part))}`;
}
