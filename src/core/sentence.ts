// Texts of others at the end of our sentences, and things that are counted in them. Pure.

/** With one stop at its end, whatever it ends with: an agent's question keeps its own. */
export function sentence(text: string): string {
  const whole = text.trimEnd();
  return /[.!?…]["'”’»]?$/u.test(whole) ? whole : `${whole}.`;
}

/** `1 issue`, `2 issues`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
