/** How large things are drawn, and how much of a long timeline. */

/** Widths of a column that a reader can choose, in pixels. */
export const COLUMN_WIDTHS = [4, 8, 14, 24, 37, 56] as const;

/** The width to begin with. */
export function columnWidthFor(columnCount: number): number {
  return columnCount <= 120 ? 37 : columnCount <= 1000 ? 24 : 14;
}

/** What is drawn of a picture on the server, and at once in the page where it is no larger, in pixels. */
export const DRAWN_MAX = { width: 4500, height: 1500 };

/** Rows of the trace that are all in the page. */
export const TRACE_MAX = 200;

/** Rows of a longer one that are in the page, around the crash point: so few can be put in within a frame. */
export const TRACE_WINDOW = 60;
