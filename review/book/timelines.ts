/** Timelines on the page of a step, a workload at a time. */
import { counted } from '#base/counted.ts';
import { html, type Html } from '../html-template.ts';
import { renderTimeline } from '../timeline/render.ts';
import type { LongTimeline, Timelines } from '../timelines.ts';
import { partAddress } from './anchors.ts';
import { boxHtml, commandHtml } from './parts.ts';

/** The timelines of a step; nothing where there is none. */
export function timelinesHtml(step: number, { shown, tooLong, moreCount }: Timelines): Html | '' {
  if (shown.length + tooLong.length === 0) return '';
  const box = {
    id: partAddress(step, 'timeline'),
    title: 'What a power failure may leave, instruction by instruction',
    sub: 'drag the crash point, or [ ] one instruction, { } to a return, w the next workload',
  };
  return boxHtml(
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
      ${tooLong.map(longHtml)}
      ${moreCount === 0 ? '' : html`<p class="quiet">${counted(moreCount, 'more workload')} of failures and claims ${moreCount === 1 ? 'has a timeline that is' : 'have timelines that are'} not drawn here: each has its command beside it, which draws one with --format html.</p>`}
    </div>`,
  );
}

/** A timeline that is left to a page of its own, and the command that makes it. */
function longHtml({ title, replay, columnCount }: LongTimeline): Html {
  return html`<h4>${title}</h4>
    <p>${columnCount} instructions are too many for this page.</p>
    ${replay === undefined ? '' : commandHtml(`${replay.replace(' --trace ', ' --format html ')} > timeline.html`)}`;
}
