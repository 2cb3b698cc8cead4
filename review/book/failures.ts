/** The failures of a step, grouped by cause as the engine groups them: the first open, the rest a line each. */
import type { Failure, Origin } from '#engine/failure.ts';
import { html, type Html } from '../html-template.ts';
import type { StepReview } from '../model.ts';
import { type Contents, failureAddress, fileAddress, partAddress, stepAddress } from './anchors.ts';
import { boxHtml, commandHtml, linkTo, preHtml, tracesHtml } from './parts.ts';
import { roadHtml } from './road.ts';

/** All failures; nothing where there is none. */
export function failuresHtml(review: StepReview, contents: Contents): Html {
  const { step, evidence, apiProblems } = review;
  return html`<div class="failures" id="${partAddress(step, 'failures')}">
    ${evidence.failures.map((failure, index) => failureHtml(failure, step, index, evidence.failures.length, contents))}
    ${apiProblems.length === 0 ? '' : disagreementHtml(review)}
  </div>`;
}

function disagreementHtml({ step, apiProblems }: StepReview): Html {
  const box = { id: partAddress(step, 'disagreement'), title: 'Contract and step disagree', kind: 'fails' };
  return boxHtml(
    box,
    html`<ul class="body" data-failure>
      ${apiProblems.map((problem) => html`<li>${problem}</li>`)}
    </ul>`,
  );
}

function failureHtml(failure: Failure, step: number, index: number, count: number, contents: Contents): Html {
  const id = failureAddress(step, index + 1);
  const {
    kind,
    cause,
    message,
    also,
    alsoIn = [],
    workload,
    witness,
    traces = [],
    origin,
    road,
    replay,
  } = failure;
  const others = Object.entries(also).map(([title, times]) => `${title} (${times} more)`);
  const label = `failure ${index + 1}`;
  return html`<details class="box fails" id="${id}" data-failure ${index === 0 ? html`open` : ''}>
    <summary>
      <h3><span aria-hidden="true">✗</span> ${kind}${cause === '' ? '' : ` in ${cause}`}</h3>
      <span class="sub">${index + 1} of ${count}</span>
    </summary>
    ${linkTo(id, label)}
    <div class="body">
      <p class="message">${message}</p>
      ${
        others.length === 0
          ? ''
          : html`<p class="quiet">
              For the same cause:
              ${others.join(', ')}${alsoIn.length === 0 ? '' : `; in ${[cause, ...alsoIn].join(', ')}`}.
            </p>`
      }
      ${
        workload === undefined
          ? ''
          : html`<h4>Smallest workload that shows it</h4>
              ${preHtml(workload.trimEnd(), `${label}: workload`)}`
      }
      ${road === undefined ? '' : roadHtml(road, step, contents)}
      ${origin === undefined ? '' : originHtml(origin, contents)}
      ${
        witness === undefined || witness.length === 0
          ? ''
          : html`<h4>An image that tells both sides apart</h4>
              ${preHtml(witness.join('\n'), `${label}: image`)}`
      }
      ${
        traces.length === 0
          ? ''
          : html`<h4>What each side did</h4>
              ${tracesHtml(traces, label)}`
      }
      ${
        replay === undefined
          ? ''
          : html`<h4>To see it again</h4>
              ${commandHtml(replay)}`
      }
    </div>
  </details> `;
}

/** Where the faulty lines come from, with links to the step that brought them in. */
function originHtml({ cameInAt, reachableAt, suspects }: Origin, contents: Contents): Html {
  const came =
    cameInAt === null || cameInAt === 0
      ? html`before the series`
      : contents.hasStep(cameInAt)
        ? html`at <a href="#${stepAddress(cameInAt)}">step ${cameInAt}</a>`
        : html`at step ${cameInAt}`;
  return html`<p>
      The lines that fit best came in
      ${came}${cameInAt === reachableAt ? '' : `; they are reached since step ${reachableAt}`}:
    </p>
    <ul>
      ${suspects.map(({ place, text, step }) => {
        const [file = ''] = place.split(':');
        const isThere = step !== null && contents.changesFile(step, file);
        const name = html`<code>${place}</code>`;
        return html`<li>
          ${isThere ? html`<a href="#${fileAddress(step, file)}">${name}</a>` : name}
          ${step === null || step === 0 ? '(before the series)' : `(step ${step})`} <code>${text}</code>
        </li>`;
      })}
    </ul>`;
}
