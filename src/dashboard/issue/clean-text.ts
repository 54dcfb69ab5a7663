// Agent output made fit to be looked at: the codes of a terminal go, whatever else is invisible becomes visible. The
// result is only ever put into a text node.

import { visibleText } from '../visible-text.ts';

/** CSI, OSC and the other sequences of a terminal, as far as they are complete or the text ends in them. */
const TERMINAL =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /\u001b\[[0-?]*[ -/]*(?:[@-~]|$)|\u001b\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\|$)|\u001b[PX^_][^\u001b]{0,4096}(?:\u001b\\|$)|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
/** What begins a new line somewhere; a lone carriage return is how progress bars draw over themselves. */
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g;

/** Never throws; about as long as what came in. */
export function cleanText(text: string): string {
  return visibleText(text.replace(LINE_ENDS, '\n').replace(TERMINAL, ''));
}
