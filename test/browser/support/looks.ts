/**
 * How a page looks, coarse enough that fonts and versions of a browser do not matter: the mean lightness of the cells of a grid.
 * What is gone, moved or covered changes it; the shape of a letter does not.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Cells across the window, and pixels of one in height. */
const COLUMNS = 24;
const CELL_PIXELS = 40;

/** Rows of cells of lightness, 0 to 255. */
export type Looks = readonly (readonly number[])[];

/** The looks of what the window shows. */
export async function looksOf(page: Page): Promise<Looks> {
  const picture = (await page.screenshot({ animations: 'disabled' })).toString('base64');
  const drawing = await page.context().newPage();
  try {
    return await drawing.evaluate(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${picture}';
      await image.decode();
      const rows = Math.floor(image.height / ${CELL_PIXELS});
      const canvas = Object.assign(document.createElement('canvas'), { width: ${COLUMNS}, height: rows });
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, image.width, rows * ${CELL_PIXELS}, 0, 0, ${COLUMNS}, rows);
      const { data } = context.getImageData(0, 0, ${COLUMNS}, rows);
      const lightness = (at) => Math.round((data[at] + data[at + 1] + data[at + 2]) / 3);
      return Array.from({ length: rows }, (_, row) =>
        Array.from({ length: ${COLUMNS} }, (_, column) => lightness(4 * (row * ${COLUMNS} + column))));
    })()`);
  } finally {
    await drawing.close();
  }
}

/** The mean difference of lightness of all cells, 0 to 255; 255 where the grids are not of one size. */
export function difference(left: Looks, right: Looks): number {
  if (left.length !== right.length) return 255;
  const cells = left.flatMap((row, at) =>
    row.map((value, column) => Math.abs(value - (right[at]?.[column] ?? 0))),
  );
  return cells.reduce((sum, value) => sum + value, 0) / Math.max(1, cells.length);
}

/**
 * The looks that were kept in a file under a name. With `UPDATE_LOOKS` in the environment they are replaced by `now` first: look at the
 * page before that is committed.
 */
export function keptLooks(file: string, name: string, now: Looks): Looks {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Looks>) : {};
  if (process.env['UPDATE_LOOKS'] !== undefined) {
    kept[name] = now;
    writeFileSync(file, `${JSON.stringify(kept, undefined, 1).replaceAll(/\n\s+(?=[\d\]])/g, ' ')}\n`);
  }
  return kept[name] ?? [];
}
