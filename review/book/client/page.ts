/** Small helpers of the book's script: finding elements, keeping things, copying, saving. Nothing here runs by itself. */

export const one = <Found extends HTMLElement>(
  selector: string,
  within: ParentNode = document,
): Found | null => within.querySelector<Found>(selector);

export const all = <Found extends HTMLElement>(selector: string, within: ParentNode = document): Found[] => [
  ...within.querySelectorAll<Found>(selector),
];

/** Pages of the book: the cover and the steps. */
export const pages = (): HTMLElement[] => all('[data-page]');

/** The page that is shown. */
export const current = (): HTMLElement => one('.page.on') ?? pages()[0] ?? document.body;

/** What was kept where the browser may refuse to keep anything: it lasts as long as the page then. */
const memory = new Map<string, string>();

const keyOf = (name: string): string => `review-book:${document.body.dataset['book'] ?? ''}:${name}`;

/** What was kept under a name; `otherwise` where nothing was, or it cannot be read. */
export function kept<Value>(name: string, otherwise: Value): Value {
  try {
    const text = memory.get(name) ?? localStorage.getItem(keyOf(name));
    return text === null ? otherwise : (JSON.parse(text) as Value);
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(keyOf(name), text);
  } catch {
    memory.set(name, text);
  }
}

/** Says something for a moment. */
export function say(text: string): void {
  one('.toast')?.remove();
  const toast = document.createElement('div');
  toast.className = 'toast';
  toast.setAttribute('role', 'status');
  toast.textContent = text;
  document.body.append(toast);
  setTimeout(() => toast.remove(), 1800);
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a disk may not use the clipboard itself; the old way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say('copied');
}

/** Offers text as a file. */
export function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
