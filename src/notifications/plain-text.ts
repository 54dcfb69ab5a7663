// Foreign text made fit for a message: one line, without characters that nobody sees or that turn its direction, and
// cut between characters, never inside of one.

/** Control characters, line ends, half characters. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]+/gu;
/** Marks that turn the direction of text; annotations; tags; the byte order mark. */
const UNSEEN = /[\p{Bidi_Control}\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** @param longest characters (code points) that are kept; a cut is shown by `…`. */
export function plainText(text: string, longest: number): string {
  // An issue's text may be megabytes; a code point has at most two units, and some are left out.
  const line = text
    .slice(0, 4 * longest)
    .replace(BREAKS, ' ')
    .replace(UNSEEN, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const isWhole = text.length <= 4 * longest;
  return cutText(line, longest, isWhole);
}

function cutText(text: string, longest: number, isWhole: boolean): string {
  const points = Array.from(text);
  if (points.length <= longest && isWhole) return text;
  return `${points.slice(0, longest - 1).join('')}…`;
}
