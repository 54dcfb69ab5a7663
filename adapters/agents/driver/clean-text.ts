// Makes what a program printed fit to be logged, stored and shown: no escape sequences, no control characters, no
// text that reorders what stands beside it, no half characters, and never longer than its limit.

/** Enough for a paragraph; the whole output is the program's own business to keep. */
export const MESSAGE_LIMIT_CHARACTERS = 2000;

// Colours and cursor moves (CSI), window titles (OSC, ended by BEL or ST), and two-character escapes.
const ESCAPE_SEQUENCE =
  // eslint-disable-next-line no-control-regex
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,16}[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[ -Z\\^-~])/g;
// C0, DEL, C1, line and paragraph separators: white space to us.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** One line of printable text, at most `limit` characters long; ends in `…` when something was cut. */
export function cleanText(text: string, limit: number = MESSAGE_LIMIT_CHARACTERS): string {
  // Longer inputs are cut first, so that a line of megabytes costs no more than a short one.
  const source = text.length > 2 * limit ? text.slice(0, 2 * limit) : text;
  const clean = source
    .replace(ESCAPE_SEQUENCE, '')
    .replace(CONTROL, ' ')
    .replace(REORDERING, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .trim();
  if (clean.length <= limit && source.length === text.length) return clean;
  return `${clean.slice(0, limit - 1).replace(LONE_SURROGATE, '')}…`;
}
