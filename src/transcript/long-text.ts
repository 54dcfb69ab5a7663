// Text that is longer than is kept: cut twice. First before it waits, so that it costs no memory, and with a margin; then,
// after secrets were taken out, to its length. No piece of a secret that the first cut went through is left at the end.

/** Longer than any spelling of a secret: one that is cut in the middle stays behind the final cut. */
const CUT_MARGIN = 64 * 1024;

/** As it waits. */
export interface BoundedText {
  readonly text: string;
  /** Characters of the whole when that is too long; null when it is not. Not all of them need be in `text`. */
  readonly wholeLength: number | null;
}

export function boundText(text: string, limit: number): BoundedText {
  if (text.length <= limit) return { text, wholeLength: null };
  return { text: copyOf(text.slice(0, limit + CUT_MARGIN)), wholeLength: text.length };
}

/** As it is kept. */
export function finalText(
  { text, wholeLength }: BoundedText,
  limit: number,
  redact: (text: string) => string,
): string {
  const clean = redact(text);
  if (wholeLength === null) return clean;
  // Where a part of the text is missing, the end of the rest may be a piece of a secret that was not known again.
  const isWhole = text.length === wholeLength;
  const end = isWhole ? clean.length : Math.max(0, clean.length - CUT_MARGIN);
  return clean.slice(0, Math.min(limit, end));
}

/** A slice of a string keeps the whole of it in memory. */
function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
