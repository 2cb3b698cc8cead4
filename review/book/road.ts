/** The road of the lost byte: who stored it, frame by frame, and which step changed that code last. */
import type { Road, RoadFrame } from '#engine/timeline/road.ts';
import { html, type Html } from '../html-template.ts';
import { type Contents, fileAddress, stepAddress } from './anchors.ts';
import { headHtml } from './parts.ts';

export function roadHtml(road: Road, step: number, contents: Contents): Html {
  const { place, first, last, storedBy, promisedBy, instruction, frames, keptBy } = road;
  const bytes = first === last ? `Byte ${first}` : `Bytes ${first} to ${last}`;
  const guilty = frames.find((frame) => frame.functionStep !== null);
  return html`<h4>The road of the lost byte: who stored it, and the step that changed that code last</h4>
    <p>
      ${bytes} of <code>${place}</code> in that workload: stored by <code>${instruction}</code> in
      <code>${storedBy}</code>, promised by <code>${promisedBy}</code>, and may be lost.
      ${
        guilty === undefined
          ? 'The series changed none of the functions on the way.'
          : html`The innermost function on the way that the series changed is
            ${changedBy(guilty, step, contents)}: ask there first.`
      }
    </p>
    ${tableHtml(frames, guilty, 'road of the lost byte', contents)}
    ${
      keptBy === undefined
        ? ''
        : html`<p>
              Before this step <code>${keptBy.instruction}</code> in <code>${keptBy.operation}</code> kept it,
              by this road.
              ${keptBy.frame === undefined ? '' : html`Look at ${changedBy(keptBy.frame, step, contents)}.`}
            </p>
            ${tableHtml(keptBy.frames, keptBy.frame, 'road of what kept the byte before', contents)}`
    } `;
}

function changedBy(frame: RoadFrame, step: number, contents: Contents): Html {
  const { functionStep } = frame;
  return html`<code>${frame.function}</code>, changed last by
    ${stepLink(functionStep, contents)}${functionStep === step ? ' (this one)' : html`, not by this step`}`;
}

function tableHtml(
  frames: readonly RoadFrame[],
  guilty: RoadFrame | undefined,
  label: string,
  contents: Contents,
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      ${headHtml(['function', 'line', 'text', 'line from', 'function changed by'])}
      <tbody>
        ${frames.map((frame) => frameHtml(frame, contents, frame === guilty))}
      </tbody>
    </table>
  </div>`;
}

/** The same in a few lines, of a tree whose lines are not on the page. */
export function roadBriefHtml({ place, first, last, storedBy, promisedBy, frames }: Road): Html {
  const bytes = first === last ? `Byte ${first}` : `Bytes ${first} to ${last}`;
  return html`<p>
      ${bytes} of <code>${place}</code>: stored by <code>${storedBy}</code>, promised by
      <code>${promisedBy}</code>, by this road, the innermost function first:
    </p>
    <ol class="road">
      ${frames.map(
        ({ file, line, function: name, text, functionStep }) =>
          html`<li>
            <code>${name}</code>
            ${file}:${line}${functionStep === null || functionStep === 0 ? '' : ` (changed by step ${functionStep})`}:
            <code>${text}</code>
          </li> `,
      )}
    </ol>`;
}

function frameHtml(frame: RoadFrame, contents: Contents, isGuilty: boolean): Html {
  const { file, line, text, step, functionStep } = frame;
  const at = html`<code>${file}:${line}</code>`;
  const isThere = functionStep !== null && contents.changesFile(functionStep, file);
  return html`<tr>
    <th scope="row">
      <code>${frame.function}</code>${isGuilty ? html` <strong class="fails">ask here</strong>` : ''}
    </th>
    <td>${isThere ? html`<a href="#${fileAddress(functionStep, file)}">${at}</a>` : at}</td>
    <td><code>${text}</code></td>
    <td>${stepLink(step, contents)}</td>
    <td>${stepLink(functionStep, contents)}</td>
  </tr> `;
}

/** The step that changed something; what no step did was there before, or lies outside the trees. */
function stepLink(step: number | null, { hasStep }: Contents): Html {
  if (step === null || step === 0) return html`<span class="quiet">no step</span>`;
  return hasStep(step) ? html`<a href="#${stepAddress(step)}">step ${step}</a>` : html`step ${step}`;
}
