/** The claims of a step, a line each; one that has a witness opens to an image, both traces and the command. */
import { counted } from '#base/counted.ts';
import { placeOfDifference } from '../evidence-groups.ts';
import { html, type Html } from '../html-template.ts';
import type { Claim, StepReview, Witness } from '../model.ts';
import { claimAddress, partAddress } from './anchors.ts';
import { boxHtml, commandHtml, linkTo, preHtml, tracesHtml } from './parts.ts';

export function claimsHtml({ step, claims }: StepReview): Html {
  const kept = claims.filter(({ isKept }) => isKept).length;
  const sub = `${kept} of ${counted(claims.length, 'claim')} kept; open one for its evidence`;
  return boxHtml(
    { id: partAddress(step, 'claims'), title: 'Claims, each with its evidence', sub },
    html`<ul class="claims">
      ${claims.map((claim) => html`<li id="${claimAddress(step, claim.id)}">${claimHtml(claim, step)}</li>`)}
    </ul>`,
  );
}

function claimHtml(claim: Claim, step: number): Html {
  const { text, declaration, isKept, seen, witness, problems = [] } = claim;
  const line = html`<span class="tick ${isKept ? 'same' : 'fails'}"
      >${isKept ? '✓' : '✗'}<span class="vh">${isKept ? ' kept: ' : ' not kept: '}</span></span
    >
    <span class="what"
      >${text}${declaration === undefined ? '' : html` <code class="quiet">${declaration.id}</code>`}</span
    >
    <span class="seen">${seen}</span>`;
  const link = linkTo(claimAddress(step, claim.id), `the claim ${text}`);
  if (declaration === undefined && problems.length === 0)
    return html`<div class="row">${line}</div>
      ${link}`;
  return html`<details>
      <summary class="row">${line}</summary>
      <div class="body">
        ${declaration === undefined ? '' : html`<p>When ${declaration.when}: ${declaration.because}</p>`}
        ${
          problems.length === 0
            ? ''
            : html`<ul>
                ${problems.map((problem) => html`<li>${problem}</li>`)}
              </ul>`
        }
        ${witness === undefined ? '' : witnessHtml(witness)}
      </div>
    </details>
    ${link}`;
}

function witnessHtml(witness: Witness): Html {
  const { before, after, text, replay, shown, workload } = witness;
  return html`<p class="quiet">For example ${placeOfDifference(witness)}</p>
    ${
      before === after
        ? html`<p>
            In a few words both sides read the same, <q>${before}</q>; the image and the traces tell them
            apart.
          </p>`
        : html`<dl class="sides">
            <dt>was</dt>
            <dd>${before}</dd>
            <dt>is</dt>
            <dd>${after}</dd>
          </dl>`
    }
    ${text === undefined ? '' : preHtml(text.trimEnd(), `workload ${workload}`)}
    ${
      shown === undefined || shown.witness.length === 0
        ? ''
        : html`<h4>An image that tells both sides apart</h4>
            ${preHtml(shown.witness.join('\n'), `image of ${workload}`)}`
    }
    ${
      shown === undefined || shown.traces.length === 0
        ? ''
        : html`<h4>What each side did</h4>
            ${tracesHtml(shown.traces, workload)}`
    }
    ${replay === undefined ? '' : commandHtml(replay)}`;
}
