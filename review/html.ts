/**
 * All steps as one static HTML file: no script, nothing loaded from elsewhere, so that it opens from a disk and can be
 * mailed. A list of steps and the matrix come first; each step is a section with links to its neighbours. Shows what
 * the text shows, in the same order.
 */
import { apiHtml, callersHtml, diffHtml } from './html-changes.ts';
import { costHtml, declarationsHtml, evidenceHtml, listHtml } from './html-evidence.ts';
import { pageStyle } from './html-style.ts';
import { html, type Html } from './html-template.ts';
import type { CheckMatrix, StepReview } from './model.ts';

/** The page of all steps, with a matrix when there is one. */
export function reviewHtml(reviews: readonly StepReview[], matrix?: CheckMatrix): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>The series, step by step</title>
        ${pageStyle()}
      </head>
      <body>
        <header id="steps">
          <h1>The series, step by step</h1>
          ${stepsHtml(reviews)} ${matrix === undefined ? '' : matrixHtml(matrix)}
        </header>
        <main>
          ${reviews.map((review, index) => stepHtml(review, reviews[index - 1], reviews[index + 1]))}
        </main>
      </body>
    </html> `;
  return page.text;
}

function stepsHtml(reviews: readonly StepReview[]): Html {
  return html`<nav aria-label="Steps">
    <table>
      <thead>
        <tr>
          <th scope="col">step</th>
          <th scope="col">class</th>
          <th scope="col">verdict</th>
          <th scope="col">subject</th>
        </tr>
      </thead>
      <tbody>
        ${reviews.map(
          (review) =>
            html`<tr>
              <td class="number">${review.step}</td>
              <td>${review.contract.class}</td>
              <td class="${review.verdict}">${review.verdict}</td>
              <td><a href="#step-${review.step}">${review.subject}</a></td>
            </tr> `,
        )}
      </tbody>
    </table>
  </nav>`;
}

function matrixHtml({ checks, rows }: CheckMatrix): Html {
  return html`<h3>Checks</h3>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">step</th>
            ${checks.map((check) => html`<th scope="col">${check}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ step, subject, cells }) =>
              html`<tr>
                <th scope="row"><a href="#step-${step}" title="${subject}">${step}</a></th>
                ${cells.map(({ outcome, note }) => html`<td class="${outcome}">${note ?? (outcome === 'none' ? '-' : outcome)}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`;
}

function stepHtml(review: StepReview, previous: StepReview | undefined, next: StepReview | undefined): Html {
  const { contract, step, subject, verdict } = review;
  return html`<section class="step" id="step-${step}">
    ${neighboursHtml(previous, next)}
    <h2>${step}. ${subject} <span class="${verdict}">${verdict}</span></h2>
    <h3>Contract</h3>
    <dl>
      <dt>class</dt>
      <dd>${contract.class}</dd>
      <dt>what for</dt>
      <dd>${contract.summary}</dd>
      ${upstreamHtml(contract)}
    </dl>
    <h3>Declared differences</h3>
    ${declarationsHtml(review)}
    ${
      review.message === ''
        ? ''
        : html`<h3>Message</h3>
            <pre class="message">${review.message}</pre>`
    }
    <h3>Diff</h3>
    ${diffHtml(review.diff)}
    ${
      review.api === undefined
        ? ''
        : html`<h3>Exports</h3>
            ${apiHtml(review.api)}`
    }
    ${
      review.callers === undefined
        ? ''
        : html`<h3>Callers</h3>
            ${callersHtml(review.callers)}`
    }
    ${listHtml('Contract and step disagree', review.apiProblems)}
    <h3>Cost over all scenarios</h3>
    ${costHtml(review)}
    <h3>Evidence</h3>
    ${evidenceHtml(review)} ${listHtml('Rules that come into force', contract.rules)}
    ${neighboursHtml(previous, next)}
  </section> `;
}

/** What became of a step upstream; nothing for one that is not known there. */
function upstreamHtml({ upstream: { commits, differs } }: StepReview['contract']): Html | '' {
  if (commits.length === 0 && differs === '') return '';
  return html`<dt>upstream</dt>
    <dd>${commits.join(', ') || '(no commit)'}</dd>
    <dt>differs</dt>
    <dd>${differs || 'as it was merged'}</dd>`;
}

function neighboursHtml(previous: StepReview | undefined, next: StepReview | undefined): Html {
  return html`<nav class="neighbours" aria-label="Neighbouring steps">
    ${previous === undefined ? '' : html`<a rel="prev" href="#step-${previous.step}">previous: ${previous.step}</a>`}
    <a href="#steps">all steps</a>
    ${next === undefined ? '' : html`<a rel="next" href="#step-${next.step}">next: ${next.step}</a>`}
  </nav>`;
}
