// Values on their way into a row. Text that came from outside loses its secrets and its excess; numbers
// become what an INTEGER column holds and what JavaScript reads back, because one absurd token count must
// not make every later write, or the next start, fail.

/** Enough for any error worth reading; an agent's stderr can be far longer. */
export const textLimit = 16_384;

export type Redact = (text: string) => string;

/** Redacts first: a cut could leave the head of a secret that is no longer recognised. */
export function outsideText(text: string, redact: Redact, limit = textLimit): string {
  const safe = redact(text);
  if (safe.length <= limit) return safe;
  return `${safe.slice(0, limit - 1)}…`;
}

/** A tracker may hold far more; statistics by label would then cost as much. */
const labelLimit = 50;
const labelTextLimit = 200;

/** Different ones, as JSON: a run is counted once under each. */
export function storedLabels(labels: readonly string[], redact: Redact): string {
  const texts = labels.map((label) => outsideText(label, redact, labelTextLimit).toWellFormed());
  return JSON.stringify([...new Set(texts)].filter((label) => label !== '').slice(0, labelLimit));
}

/** Never negative, so that a sum of counts only ever needs a cap above. */
export function count(value: number): number {
  return Math.max(0, integer(value));
}

/** Integer milliseconds and process ids. */
export function integer(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.round(Math.min(Math.max(value, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}

export function integerOrNull(value: number | null): number | null {
  return value === null ? null : integer(value);
}

/** Seconds; null when it is not a number at all. */
export function realOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** USD that nobody may be able to name: what is negative or not a number is not named. */
export function costOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Sums of USD and the like. Never below 0, and never infinite: a limit must stay crossed, and comparable. */
export function amount(value: number): number {
  return value > 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : 0;
}

export function identifierKey(identifier: string): string {
  return identifier.toLowerCase();
}

/**
 * Text as it is searched. Rows hold it, so another folding needs a migration. A Greek sigma is written differently
 * at the end of a word, where a search may well cut it; SQLite holds neither NUL nor half a character.
 */
export function foldedText(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ').replaceAll('\0', '\uFFFD').toWellFormed();
}
