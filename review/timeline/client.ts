/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The script of pages with timelines: lets the reader move the crash point. Draws and says with the code of the server. */
import { unpack, type PackedTimeline } from './pack.ts';
import { modelOf } from './model.ts';
import { LiveTimeline } from './live.ts';

const roots = [...document.querySelectorAll<HTMLElement>('[data-timeline]')];
const timelines = new Map<HTMLElement, LiveTimeline>();

/** The timeline of an element. It is unpacked when it is first looked at: a book has many, most of them on pages that nobody opens. */
function timelineOf(root: HTMLElement): LiveTimeline {
  const known = timelines.get(root);
  if (known !== undefined) return known;
  const packed = root.querySelector('[data-packed]')?.textContent ?? '';
  const made = new LiveTimeline(root, modelOf(unpack(JSON.parse(packed) as PackedTimeline), root.id));
  timelines.set(root, made);
  return made;
}

const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    timelineOf(target as HTMLElement);
  }
});

/** Whether it lies on the part of the page that the window shows. */
function isSeen(root: HTMLElement): boolean {
  const { top, bottom, width } = root.getBoundingClientRect();
  return width > 0 && bottom > 0 && top < innerHeight;
}

for (const root of roots) {
  if (isSeen(root)) timelineOf(root);
  else sight.observe(root);
}

/** The timeline that keys outside of any are for: the one used last if it can be seen, else the first that can. */
let last: HTMLElement | undefined;
document.addEventListener('focusin', ({ target }) => {
  last = (target as Element).closest<HTMLElement>('[data-timeline]') ?? last;
});
function active(): LiveTimeline | undefined {
  const root = last !== undefined && isSeen(last) ? last : roots.find(isSeen);
  return root && timelineOf(root);
}

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
  const root = roots.find((one) => one.id === id);
  if (root === undefined) return;
  const timeline = timelineOf(root);
  if (point !== undefined && /^\d+$/.test(point)) timeline.set(Number(point));
  timeline.show();
}
addEventListener('hashchange', follow);
follow();
