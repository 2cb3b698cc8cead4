/** Work on parts of a long page: done when a part comes near the window, else when the browser has nothing better to do. */

const waiting = new Map<Element, () => void>();
let isIdleAsked = false;

const sight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) doNow(target);
  },
  { rootMargin: '100%' },
);

/** Has `work` done once, before a reader sees `element`. */
export function whenSeen(element: Element, work: () => void): void {
  waiting.set(element, work);
  sight.observe(element);
  askForIdle();
}

/** Does what waits for an element now. */
export function doNow(element: Element): void {
  const work = waiting.get(element);
  waiting.delete(element);
  sight.unobserve(element);
  work?.();
}

/** Search in the page, screen readers and paper have all of it: nothing waits for long. */
function askForIdle(): void {
  if (isIdleAsked || waiting.size === 0) return;
  isIdleAsked = true;
  const ask = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 50));
  ask(() => {
    isIdleAsked = false;
    const [next] = waiting.keys();
    if (next !== undefined) doNow(next);
    askForIdle();
  });
}
