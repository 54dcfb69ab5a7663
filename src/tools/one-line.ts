// A text of an agent, a person or a tracker where there is room for one line: whatever breaks a line, moves a terminal's
// cursor or turns the order of letters around becomes a space.

const BREAKS = /[\p{Cc}\p{Bidi_Control}\s]+/gu;

/** Never longer than `limit` characters, and never half a character at its end. */
export function oneLine(text: string, limit = Number.POSITIVE_INFINITY): string {
  const line = text.replace(BREAKS, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…`;
}
