/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The script of pages with timelines: lets the reader move the crash point. Draws and says with the code of the server. */
import { unpack, type PackedTimeline } from './pack.ts';
import { modelOf } from './model.ts';
import { LiveTimeline } from './live.ts';

/** Timelines of the page by the id of their element, for scripts of the page around them. */
const timelines = new Map<string, LiveTimeline>();
(globalThis as { conformTimelines?: typeof timelines }).conformTimelines = timelines;

for (const root of document.querySelectorAll<HTMLElement>('[data-timeline]')) {
  const packed = root.querySelector('[data-packed]')?.textContent ?? '';
  const model = modelOf(unpack(JSON.parse(packed) as PackedTimeline), root.id);
  timelines.set(root.id, new LiveTimeline(root, model));
}

/** The timeline that keys outside of any are for: the one used last if it can be seen, else the first that can. */
let last: LiveTimeline | undefined;
document.addEventListener('focusin', ({ target }) => {
  const root = (target as Element).closest('[data-timeline]');
  if (root !== null) last = timelines.get(root.id);
});
const active = (): LiveTimeline | undefined =>
  last?.isSeen === true ? last : [...timelines.values()].find(({ isSeen }) => isSeen);

const KEYS: Readonly<Record<string, (timeline: LiveTimeline) => void>> = {
  '[': (timeline) => timeline.by(-1),
  ']': (timeline) => timeline.by(1),
  '{': (timeline) => timeline.toReturn(-1),
  '}': (timeline) => timeline.toReturn(1),
};

document.addEventListener('keydown', (event) => {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select, dialog *')) return;
  const act = KEYS[event.key];
  const timeline = active();
  if (act === undefined || timeline === undefined) return;
  act(timeline);
  event.preventDefault();
});

/** `#id@18` is crash point 18 of a timeline. */
function follow(): void {
  const [id = '', point] = decodeURIComponent(location.hash.slice(1)).split('@');
  const timeline = timelines.get(id);
  if (timeline === undefined) return;
  if (point !== undefined && /^\d+$/.test(point)) timeline.set(Number(point));
  timeline.show();
}
addEventListener('hashchange', follow);
follow();
