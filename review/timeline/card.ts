/** What a power failure at one crash point may leave on one side: an image, with what else each word may hold and who stored it. */
import type { TimelineFrame, WordChange } from '#base/timeline.ts';
import { html, type Html } from '../html-template.ts';
import { type Pick, picksAt, SMALLEST, type Wish } from './choose.ts';
import { type SideHistory, writerOf } from './history.ts';
import { imagesAt, type TimelineModel } from './model.ts';
import { imagesText, say, wordName } from './words.ts';

/** Words that are shown of one side; more are counted. */
const SHOWN_MAX = 16;

/** The inside of the card of `side` at crash point `point`. */
export function cardHtml(model: TimelineModel, side: number, point: number, wish: Wish = SMALLEST): Html {
  const { history } = model.sides[side] ?? {};
  if (history === undefined) return html``;
  const instant = history.instantAt[point] ?? 0;
  const picks = picksAt(history, instant, wish);
  const images = imagesAt(model, side, point);
  const broken = history.brokenWords(instant);
  const gone = broken.filter((word) => (history.word(word, instant)?.uncertain ?? 0) === 0);
  const style = broken.length > 0 ? 'tl-bad' : images === '1' ? 'tl-ok' : 'tl-several';
  const hidden = picks.length - SHOWN_MAX;
  return html`<h4>
      ${history.side.name} <span class="tl-chip ${style}">${imagesText(images)} possible</span>
    </h4>
    ${picks.length === 0 ? '' : wishHtml(wish, picks)}
    ${
      gone.length === 0
        ? ''
        : html`<p>
            Promised, and lost for certain:
            ${gone
              .slice(0, SHOWN_MAX)
              .map((word) => wordName(model.timeline, word))
              .join(', ')}.
          </p>`
    }
    ${picks.slice(0, SHOWN_MAX).map((pick) => pickHtml(model, side, point, pick))}
    ${hidden > 0 ? html`<p class="tl-note">and ${hidden} more places that are undecided</p>` : ''}
    <p class="tl-note">${durableText(history, instant, picks)}</p>`;
}

function wishHtml({ base, own }: Wish, picks: readonly Pick[]): Html {
  const isWhole = own.size === 0 || !picks.some(({ key }) => own.has(key));
  const button = (name: Wish['base']): Html =>
    html`<button type="button" data-wish="${name}" aria-pressed="${String(isWhole && base === name)}">
      ${name}
    </button>`;
  return html`<p class="tl-wish">
    <span>image shown:</span> ${button('smallest')} ${button('largest')}
    ${isWhole ? '' : html`<span>one in between</span>`}
  </p>`;
}

function pickHtml(model: TimelineModel, side: number, point: number, pick: Pick): Html {
  const { history } = model.sides[side] ?? {};
  if (history === undefined) return html``;
  const instant = history.instantAt[point] ?? 0;
  const rows = pick.words.map((word, index) => {
    const change = history.word(word, instant);
    const content = (pick.contents[pick.chosen] ?? '').slice(index * 16, (index + 1) * 16);
    return change === undefined ? html`` : wordHtml(model, side, point, change, content);
  });
  const of =
    pick.count > pick.contents.length
      ? `${pick.contents.length} of ${pick.count} listed`
      : `of ${pick.count}`;
  const names = pick.words.map((word) => wordName(model.timeline, word));
  const name = names.length > 1 ? `${names[0]} to ${names.at(-1)}` : (names[0] ?? '');
  return html`<div class="tl-pick">
    <button
      type="button"
      data-pick="${pick.key}"
      aria-label="${name} holds content ${pick.chosen + 1} ${of}: take the next"
    >
      ${pick.chosen + 1} <small>${of}</small>
    </button>
    <div>${rows}</div>
  </div>`;
}

function wordHtml(
  model: TimelineModel,
  side: number,
  point: number,
  change: WordChange,
  content: string,
): Html {
  const { history } = model.sides[side] ?? {};
  if (history === undefined) return html``;
  const kinds = history.kindsAt(change.word, history.instantAt[point] ?? 0);
  const isAlone = model.sides.some(
    (other, index) =>
      index !== side &&
      (other.history.word(change.word, other.history.instantAt[point] ?? 0)?.uncertain ?? 0) === 0,
  );
  return html`<dl class="tl-word">
    <dt>
      <code>${wordName(model.timeline, change.word)}</code>
      ${isAlone ? html`<span class="tl-chip tl-several">undecided here only</span>` : ''}
    </dt>
    <dd><span>holds</span> ${bytesHtml(content, kinds)}</dd>
    <dd><span>smallest</span> ${bytesHtml(change.smallest, kinds)}</dd>
    <dd><span>largest</span> ${bytesHtml(change.largest, kinds)}</dd>
    <dd class="tl-note">stored by ${writersText(model, history, change, kinds)}</dd>
  </dl>`;
}

const STYLE_OF: Readonly<Record<string, string>> = {
  c: 'tl-open',
  w: 'tl-open',
  L: 'tl-lost',
  '.': 'tl-old',
  p: '',
};

/** Bytes in hex; neighbours of one style are one element, since a card may have thousands of bytes. */
function bytesHtml(hex: string, kinds: string): Html {
  const runs: { style: string; bytes: string[] }[] = [];
  for (const [byte, kind] of [...kinds].entries()) {
    const style = STYLE_OF[kind] ?? '';
    if (runs.at(-1)?.style !== style) runs.push({ style, bytes: [] });
    runs.at(-1)?.bytes.push(hex.slice(2 * byte, 2 * byte + 2));
  }
  return html`<code class="tl-bytes"
    >${runs.map(({ style, bytes }) => html`<b class="${style}">${bytes.join(' ')}</b> `)}</code
  >`;
}

/** Who stored the bytes that may be lost, by where that was. */
function writersText(
  { timeline }: TimelineModel,
  { side }: SideHistory,
  change: WordChange,
  kinds: string,
): string {
  const writers = [...kinds].flatMap((kind, byte) => {
    const writer = writerOf(change.largestBy, byte);
    return writer < 0 || kind === 'p' || kind === '.' ? [] : [writer];
  });
  const groups = new Map<string, string[]>();
  for (const writer of [...new Set(writers)].sort((left, right) => left - right)) {
    const instruction = side.instructions[writer];
    const { stack = [], text = '', name } = instruction ?? {};
    const place = frameText(ownFrame(stack.map((frame) => timeline.frames[frame])));
    groups.set(place, [...(groups.get(place) ?? []), name === undefined ? text : say(instruction)]);
  }
  return [...groups]
    .map(([place, texts]) => `${manyText(texts)}${place === '' ? '' : ` from ${place}`}`)
    .join('; ');
}

const manyText = (texts: readonly string[]): string =>
  texts.length > 3 ? `${texts.length} stores ${texts[0]} … ${texts.at(-1)}` : texts.join(', ');

/** The innermost frame of the tree itself, else the innermost. */
function ownFrame(frames: readonly (TimelineFrame | undefined)[]): TimelineFrame | undefined {
  return frames.find((frame) => frame?.file.startsWith('kernel/') === false) ?? frames[0];
}

/** `copyUserFlushcache, usercopy_64.ts:31`. */
export function frameText(frame: TimelineFrame | undefined): string {
  return frame === undefined ? '' : `${frame.function}, ${frame.file.replace(/^.*\//, '')}:${frame.line}`;
}

function durableText(history: SideHistory, instant: number, picks: readonly Pick[]): string {
  const stored = history.words.filter((word) => history.word(word, instant) !== undefined);
  const open = new Set(picks.flatMap(({ words }) => words));
  const durable = stored.filter((word) => !open.has(word)).length;
  if (stored.length === 0) return 'Nothing has been stored yet.';
  return durable === stored.length
    ? 'Every word stored so far is durable.'
    : `${durable} of ${stored.length} words stored so far are durable.`;
}
