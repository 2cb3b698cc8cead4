/** The text of a page on paper, read back from the PDF that the browser prints. */
import type { Page } from 'playwright-core';
import { extractText, getDocumentProxy } from 'unpdf';

/** All letters on all sheets in the order in which they were set, without blanks: a PDF knows of no blanks but those of its layout. */
export async function printedLetters(page: Page): Promise<string> {
  const sheets = await getDocumentProxy(new Uint8Array(await page.pdf()));
  const { text } = await extractText(sheets, { mergePages: true });
  return lettersOf(text);
}

/** The letters of a text without its blanks, as a PDF has them. */
const lettersOf = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '');

/** Those of `texts` that printed letters do not have as often as they are given. */
export function missingFrom(letters: string, texts: readonly string[]): string[] {
  const wanted = new Map<string, number>();
  return texts.filter((text) => {
    const own = lettersOf(text);
    if (own === '') return false;
    const count = (wanted.get(own) ?? 0) + 1;
    wanted.set(own, count);
    return letters.split(own).length - 1 < count;
  });
}
