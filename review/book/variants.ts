/** Variants on the cover: mistakes that were really made, what convicts each, and what of it a reader can see again. */
import { counted } from '#base/counted.ts';
import type { Failure } from '#engine/failure.ts';
import type { VariantVerdict } from '#engine/variant.ts';
import { html, type Html } from '../html-template.ts';
import { stepAddress, variantAddress } from './anchors.ts';
import { boxHtml, commandHtml, preHtml, headHtml } from './parts.ts';
import { roadBriefHtml } from './road.ts';

/** All variants; nothing where there is none. */
export function variantsHtml(variants: readonly VariantVerdict[]): Html | '' {
  if (variants.length === 0) return '';
  const good = variants.filter(({ asExpected }) => asExpected).length;
  return boxHtml(
    {
      id: 'cover-variants',
      title: 'Would mistakes be noticed?',
      sub: `${good} of ${counted(variants.length, 'variant')} as expected`,
    },
    html`<div class="scroll body" tabindex="0" role="region" aria-label="variants">
      <table class="variants">
        <caption>
          Versions of steps with a mistake that was really made, and what convicts them
        </caption>
        ${headHtml(['variant', 'what came of it', 'by'])}
        <tbody>
          ${variants.map(variantHtml)}
        </tbody>
      </table>
    </div>`,
  );
}

function variantHtml(verdict: VariantVerdict): Html {
  const { name, title, convictedAt, convictedBy, isDeclared, failures, problem, asExpected } = verdict;
  const outcome =
    problem !== undefined
      ? html`cannot be judged: ${problem}`
      : convictedAt !== null
        ? html`convicted at <a href="#${stepAddress(convictedAt)}">step ${convictedAt}</a>,
            ${convictedBy ?? ''}`
        : html`${isDeclared ? 'cleared by its contract' : 'not convicted'}`;
  const [first] = failures;
  return html`<tr id="${variantAddress(name)}">
    <th scope="row">
      <span class="${asExpected ? 'same' : 'fails'}">${asExpected ? '✓' : '✗'}</span> <code>${name}</code
      ><br /><span class="quiet">${title}</span>
    </th>
    <td>${outcome}${asExpected ? '' : html` <strong class="fails">not as expected</strong>`}</td>
    <td>${first?.workload === undefined ? '' : failureHtml(name, first)}</td>
  </tr> `;
}

/** The workload that convicts a variant; opened, what it loses, on which road, and how to see it again. */
function failureHtml(name: string, { workload = '', message, witness = [], road, replay }: Failure): Html {
  return html`<details>
    <summary><code>${workload.trimEnd().split('\n').join(' / ')}</code></summary>
    <p>${message}</p>
    ${witness.length === 0 ? '' : preHtml(witness.join('\n'), `${name}: image`)}
    ${road === undefined ? '' : roadBriefHtml(road)} ${replay === undefined ? '' : commandHtml(replay)}
  </details>`;
}
