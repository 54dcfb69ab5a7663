// What people write about their words: one line of a bounded length that no terminal, log or page can be fooled with.

/** Control characters and line ends of every kind, and the marks that turn the direction of what follows. */
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** Cut to so many characters; "" when nothing is left. */
export function oneLine(text: string, longest: number): string {
  const line = text.toWellFormed().replace(UNWANTED, ' ').replace(/ {2,}/g, ' ').trim();
  // By characters, not by halves of them.
  const characters = [...line.slice(0, longest * 2)];
  return characters.length <= longest ? characters.join('') : characters.slice(0, longest).join('').trimEnd();
}
