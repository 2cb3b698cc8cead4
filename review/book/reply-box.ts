/** The box in which a reader answers a step. Without scripts it holds the mail as the command writes it. */
import { html, type Html } from '../html-template.ts';
import type { StepReview } from '../model.ts';
import { replyText } from '../reply.ts';
import { replyPartsOf } from '../reply-parts.ts';
import { partAddress } from './anchors.ts';
import { boxHtml } from './parts.ts';

const ANSWERS = ['Reviewed-by', 'Acked-by', 'NAK'] as const;

export function replyHtml(review: StepReview, stepCount: number): Html {
  const id = partAddress(review.step, 'reply');
  const parts = replyPartsOf(review, stepCount);
  const { subject, attribution, messageId, findings } = parts;
  return boxHtml(
    { id, title: 'Notes and reply', sub: 'notes stay in this browser; quote parts from the diff' },
    html`<div
      class="body pair notes"
      data-notes
      data-reply="${JSON.stringify({ subject, attribution, messageId, findings })}"
    >
      <div class="js-only">
        <label for="${id}-text">Your notes</label>
        <textarea id="${id}-text" rows="8"></textarea>
        <fieldset>
          <legend>Answer</legend>
          <label><input type="radio" name="${id}-answer" value="" /> none yet</label>
          ${ANSWERS.map((answer) => html`<label><input type="radio" name="${id}-answer" value="${answer}" /> ${answer}</label>`)}
        </fieldset>
        <p>
          <button type="button" data-do="copy-mail">copy the mail</button>
          <button type="button" data-do="save-mail">save it as text</button>
          <button type="button" data-do="forget-quotes">forget quotes</button>
        </p>
      </div>
      <pre class="mail" tabindex="0" role="region" aria-label="reply to step ${review.step}">
${replyText(parts)}</pre>
    </div>`,
  );
}
