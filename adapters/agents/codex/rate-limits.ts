// The usage limits of a subscription, as Codex reports them piece by piece: the windows for people to see, and the
// time from which work may go on once one is used up. Pure.

import type { AgentEvent, RateLimitWindow } from '../../../src/contract/agent.ts';
import { cleanText, numberAt, objectAt, stringAt } from '../driver/index.ts';

const WINDOWS_KEPT = 16;
const MAIN_LIMIT = 'codex';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export interface RateLimits {
  /** Takes `rateLimits` of `account/rateLimits/updated`; null = it says nothing new. */
  take(snapshot: unknown): AgentEvent | null;
  /**
   * When a used-up limit ends. @param words what Codex said about it, for when no window tells.
   * @param nowMs when it said so, milliseconds since the epoch; null = unknown.
   */
  resetAtMs(words: string, nowMs: number | null): number | null;
}

export function createRateLimits(): RateLimits {
  const windows = new Map<string, RateLimitWindow>();
  return {
    take(snapshot) {
      let isNew = false;
      const limit = cleanText(stringAt(snapshot, 'limitId'), 60);
      for (const part of ['primary', 'secondary'] as const) {
        const told = objectAt(snapshot, part);
        if (told === null) continue;
        const name = limit === '' || limit === MAIN_LIMIT ? part : `${limit}/${part}`;
        const resetsAtS = numberAt(told, 'resetsAt');
        const window: RateLimitWindow = {
          name,
          usedPercent: numberAt(told, 'usedPercent'),
          resetsAtMs: resetsAtS === null ? null : resetsAtS * 1000,
        };
        const known = windows.get(name);
        if (known?.usedPercent === window.usedPercent && known.resetsAtMs === window.resetsAtMs) continue;
        if (known === undefined && windows.size >= WINDOWS_KEPT) continue;
        windows.set(name, window);
        isNew = true;
      }
      return isNew ? { kind: 'rate_limits', windows: [...windows.values()] } : null;
    },
    resetAtMs(words, nowMs) {
      const usedUp = [...windows.values()].flatMap(({ usedPercent, resetsAtMs }) =>
        usedPercent !== null && usedPercent >= 100 && resetsAtMs !== null ? [resetsAtMs] : [],
      );
      return usedUp.length > 0 ? Math.max(...usedUp) : timeInWords(words, nowMs);
    },
  };
}

/**
 * "… try again at Mar 17th, 2030 5:46 PM." or, on the same day, "… try again at 5:46 PM.": Codex' local time, without
 * the seconds, so the next minute is meant.
 */
function timeInWords(words: string, nowMs: number | null): number | null {
  const said = /try again at (?:([A-Z][a-z]{2} \d{1,2})(?:st|nd|rd|th), (\d{4}) )?(\d{1,2}:\d{2} [AP]M)/.exec(
    words,
  );
  if (said === null) return null;
  const [, day, year, time = ''] = said;
  if (day === undefined && nowMs === null) return null;
  const date = day === undefined ? new Date(nowMs ?? 0).toDateString() : `${day} ${year ?? ''}`;
  const atMs = Date.parse(`${date} ${time}`) + MINUTE_MS;
  if (!Number.isFinite(atMs)) return null;
  // Without a date, a time that has just passed is now, and an older one is tomorrow's.
  return day === undefined && nowMs !== null && atMs < nowMs - HOUR_MS ? atMs + 24 * HOUR_MS : atMs;
}
