/** Colours for terminals; whether they are wanted is the caller's choice (a terminal, and `NO_COLOR` not set). */
import { styleText } from 'node:util';

type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Colours text, or leaves it alone. */
export type Paint = (colour: Colour, text: string) => string;

/** A paint that colours only when asked to. */
export function painter(color: boolean): Paint {
  return (colour, text) => (color ? styleText(colour, text, { validateStream: false }) : text);
}
