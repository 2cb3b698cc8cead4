/** Timelines on the page of a step, and the road of the lost byte: who stored it, and which step changed that code last. */
import type { Road, RoadFrame } from '#engine/timeline/road.ts';
import { html, type Html } from '../html-template.ts';
import { renderTimeline } from '../timeline/render.ts';
import type { ShownTimeline } from '../timelines.ts';
import { fileAddress, partAddress, stepAddress } from './anchors.ts';
import type { ChangesFile } from './failures.ts';
import { boxHtml, commandHtml } from './parts.ts';

/** The timelines of a step, and the first road that one of them leads to. */
export function timelinesHtml(
  step: number,
  shown: readonly ShownTimeline[],
  changesFile: ChangesFile,
): Html | '' {
  if (shown.length === 0) return '';
  const road = shown.find((one) => one.road !== undefined)?.road;
  const box = {
    id: partAddress(step, 'timeline'),
    title: 'What a power failure may leave, instruction by instruction',
    sub: 'drag the crash point, or [ ] one instruction, { } to a return, w the next workload',
  };
  return html`${boxHtml(
    box,
    html`<div class="body" data-workloads>
      ${
        shown.length < 2
          ? ''
          : html`<p class="tools js-only">
              ${shown.map(({ title }, index) => html`<button type="button" data-workload="${partAddress(step, `workload-${index + 1}`)}" aria-pressed="false">${title}</button> `)}
            </p>`
      }
      ${shown.map(
        ({ title, timeline, replay }, index) =>
          html`<div class="workload" id="${partAddress(step, `workload-${index + 1}`)}">
            <h4>${title}</h4>
            ${replay === undefined ? '' : commandHtml(replay)}
            ${renderTimeline(timeline, partAddress(step, `t${index + 1}`))}
          </div> `,
      )}
    </div>`,
  )}
  ${road === undefined ? '' : roadHtml(step, road, changesFile)}`;
}

function roadHtml(step: number, road: Road, changesFile: ChangesFile): Html {
  const { place, first, last, storedBy, promisedBy, instruction, frames } = road;
  const bytes = first === last ? `Byte ${first}` : `Bytes ${first} to ${last}`;
  const guilty = frames.find((frame) => frame.functionStep !== null);
  return boxHtml(
    {
      id: partAddress(step, 'road'),
      title: 'The road of the lost byte',
      sub: 'who stored it, and the step that changed that code last',
    },
    html`<div class="body">
      <p>
        ${bytes} of <code>${place}</code>: stored by <code>${instruction}</code> in <code>${storedBy}</code>,
        promised by <code>${promisedBy}</code>, and may be lost.
        ${
          guilty === undefined
            ? 'The series changed none of the functions on the way.'
            : html`The innermost function on the way that the series changed is
                <code>${guilty.function}</code>, changed last by
                ${stepLink(guilty.functionStep)}${guilty.functionStep === step ? '' : html`, not by this step`}:
                ask there first.`
        }
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="road of the lost byte">
        <table>
          <thead>
            <tr>
              <th scope="col">function</th>
              <th scope="col">line</th>
              <th scope="col">text</th>
              <th scope="col">line from</th>
              <th scope="col">function changed by</th>
            </tr>
          </thead>
          <tbody>
            ${frames.map((frame) => frameHtml(frame, changesFile, frame === guilty))}
          </tbody>
        </table>
      </div>
    </div>`,
  );
}

function frameHtml(frame: RoadFrame, changesFile: ChangesFile, isGuilty: boolean): Html {
  const { file, line, text, step, functionStep } = frame;
  const at = html`<code>${file}:${line}</code>`;
  const isThere = functionStep !== null && changesFile(functionStep, file);
  return html`<tr>
    <th scope="row">
      <code>${frame.function}</code>${isGuilty ? html` <strong class="fails">ask here</strong>` : ''}
    </th>
    <td>${isThere ? html`<a href="#${fileAddress(functionStep, file)}">${at}</a>` : at}</td>
    <td><code>${text}</code></td>
    <td>${stepLink(step)}</td>
    <td>${stepLink(functionStep)}</td>
  </tr> `;
}

/** The step that changed something; what no step did was there before, or lies outside the trees. */
function stepLink(step: number | null): Html {
  if (step === null || step === 0) return html`<span class="quiet">no step</span>`;
  return html`<a href="#${stepAddress(step)}">step ${step}</a>`;
}
