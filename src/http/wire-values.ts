// Single values from the daemon's words to the wire's. Total: a time that no date can hold becomes the nearest one
// that can, an odd count becomes one that fits, and an address that a page must not link to becomes null.

import type { TokenTotals } from '../contract/store.ts';
import type { Tokens } from './schemas.ts';

/** Agents report these numbers: one odd count must not cost people the whole answer. */
export function toTokens(tokens: TokenTotals): Tokens {
  const input = toCount(tokens.inputTokens);
  const output = toCount(tokens.outputTokens);
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: toCount(input + output),
    cache_read_tokens: toCount(tokens.cacheReadTokens),
  };
}

export function toCount(amount: number): number {
  return Number.isNaN(amount) ? 0 : Math.trunc(Math.min(Math.max(0, amount), Number.MAX_SAFE_INTEGER));
}

/** Dates end at ±8.64e15 ms, and years past 9999 are no longer plain ISO-8601: a due time may lie beyond. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function toIso(ms: number): string {
  return new Date(Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LATEST_MS)).toISOString();
}

export function toIsoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms);
}

export function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** Trackers and issues name addresses: `javascript:` and its like are nothing to put under a link. */
export function toLink(url: string): string | null {
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

export function toSeconds(ms: number): number {
  return toAmount(ms / 1_000);
}

/** A number that is not one, or is below nothing, counts as 0. */
export function toAmount(amount: number): number {
  return Number.isFinite(amount) ? Math.max(0, amount) : 0;
}
