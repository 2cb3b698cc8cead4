/** Text of one byte a character (ISO 8859-1), as tables of firmware and labels have it. Needs no types but those of the language. */

/** The bytes of a text; of a character beyond 255 the low byte. */
export const latin1Bytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The text of bytes. */
export const latin1Text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
