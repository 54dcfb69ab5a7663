// The lines of a file with their places in it, in pieces: a recording may be larger than the memory. Cut at the byte
// `\n` and nowhere else. A line over the limit is passed over, as it was when the agent printed it.

import { createReadStream } from 'node:fs';

const LINE_LIMIT_BYTES = 10 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface FileLine {
  readonly text: string;
  /** Byte offset of its first byte, and of the first byte after its line end. */
  readonly start: number;
  readonly end: number;
}

/** @param end the first byte that is not read any more; Infinity = the whole file. Throws what reading throws. */
export async function* fileLines(path: string, start = 0, end = Infinity): AsyncGenerator<FileLine> {
  if (end <= start) return;
  let parts: Buffer[] = [];
  let held = 0;
  let lineStart = start;
  let at = start;
  for await (const chunk of createReadStream(path, { start, end: end - 1 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const piece = chunk.subarray(from, newline === -1 ? chunk.length : newline);
      held += piece.length;
      if (held <= LINE_LIMIT_BYTES) parts.push(piece);
      else parts = [];
      if (newline === -1) break;
      const next = at + newline + 1;
      if (held <= LINE_LIMIT_BYTES) yield { text: decode(parts), start: lineStart, end: next };
      parts = [];
      held = 0;
      lineStart = next;
      from = newline + 1;
    }
    at += chunk.length;
  }
  if (held > 0 && held <= LINE_LIMIT_BYTES) yield { text: decode(parts), start: lineStart, end: at };
}

function decode(parts: readonly Buffer[]): string {
  const [only] = parts;
  const text = (parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)).toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
