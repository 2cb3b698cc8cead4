/** The evidence of a step as HTML: costs, differences by declaration with a witness each, failures, what was left out. */
import type { Failure } from '#engine/failure.ts';
import {
  conditionText,
  costChange,
  costRows,
  counted,
  type DifferenceGroup,
  differenceGroups,
  placeOfDifference,
  relationsText,
  scenariosIn,
  shownText,
} from './evidence-groups.ts';
import { html, type Html } from './html-template.ts';
import type { StepReview } from './model.ts';

/** Declared differences, with conditions and reasons. */
export function declarationsHtml({ contract }: StepReview): Html {
  if (contract.differences.length === 0)
    return html`<p>Declares no difference: the step must behave as the one before.</p>`;
  return html`<dl>
    ${contract.differences.map(
      (declaration) =>
        html`<dt><code>${declaration.id}</code></dt>
          <dd>
            ${shownText(declaration)}, when: ${conditionText(declaration.when)}<br />${declaration.because}
          </dd>`,
    )}
  </dl>`;
}

/** Costs over all scenarios. */
export function costHtml(review: StepReview): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">instruction</th>
        <th scope="col">before</th>
        <th scope="col">after</th>
        <th scope="col">change</th>
      </tr>
    </thead>
    <tbody>
      ${costRows(review).map(
        (row) =>
          html`<tr>
            <th scope="row">${row.name}</th>
            <td class="number">${row.before}</td>
            <td class="number">${row.after}</td>
            <td class="number">${costChange(row)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What was run, differences, failures, standing defects. */
export function evidenceHtml(review: StepReview): Html {
  const { evidence } = review;
  const groups = differenceGroups(review);
  return html`<p>
      ${counted(evidence.workloads, 'scenario')} run, ${counted(evidence.places, 'place')} compared with the
      step before. Against <code>before/</code>: ${relationsText(review)}.
    </p>
    ${groups.length === 0 ? html`<p>No difference in any dimension.</p>` : groups.map(groupHtml)}
    ${
      review.unused === undefined
        ? ''
        : html`<p>
            <strong>Not exercised:</strong>
            ${review.unused.join(', ') || 'every operation of the language was used'}
          </p>`
    }
    ${listHtml(
      'Workloads that say nothing',
      evidence.untried.map(({ workload, why }) => `${workload} ${why}`),
    )}
    ${
      evidence.failures.length === 0
        ? ''
        : html`<h3>Failures</h3>
            ${evidence.failures.map(failureHtml)}`
    }
    ${listHtml('Standing defects', evidence.standing)}`;
}

function groupHtml(group: DifferenceGroup): Html {
  const { declaration, differences, dimension, relation } = group;
  const name =
    declaration === undefined
      ? html`<span class="fails">not declared</span>`
      : html`<code>${declaration.id}</code>`;
  const [witness] = differences;
  if (witness === undefined)
    return html`<p>${name} ${dimension} ${relation}: <span class="fails">nothing showed it</span></p>`;
  return html`<details>
    <summary>
      ${name} ${dimension} ${relation}: ${counted(differences.length, 'difference')} in
      ${counted(scenariosIn(group), 'scenario')}
    </summary>
    <dl>
      <dt>for example</dt>
      <dd>${placeOfDifference(witness)}</dd>
      <dt>was</dt>
      <dd>${witness.before}</dd>
      <dt>is</dt>
      <dd>${witness.after}</dd>
    </dl>
  </details>`;
}

function failureHtml({ kind, message, workload, witness, traces, replay }: Failure): Html {
  return html`<div class="failure">
    <p><span class="fails">${kind}</span>: ${message}</p>
    ${
      workload === undefined
        ? ''
        : html`<p>Workload</p>
            <pre>${workload.trimEnd()}</pre>`
    }
    ${
      witness === undefined
        ? ''
        : html`<p>Witness</p>
            <pre>${witness.join('\n')}</pre>`
    }
    ${(traces ?? []).map(
      ({ at, before, after }) =>
        html`<p><code>${at}</code></p>
          <div class="sides">
            <div>
              before
              <pre>${before.join(' ') || '(nothing)'}</pre>
            </div>
            <div>
              after
              <pre>${after.join(' ') || '(nothing)'}</pre>
            </div>
          </div>`,
    )}
    ${
      replay === undefined
        ? ''
        : html`<p>Replay</p>
            <pre>${replay}</pre>`
    }
  </div>`;
}

/** A list under a heading; nothing when it is empty. */
export function listHtml(title: string, items: readonly string[]): Html {
  if (items.length === 0) return html``;
  return html`<h3>${title}</h3>
    <ul>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
}
