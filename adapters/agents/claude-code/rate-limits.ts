// What Claude Code says about the limits of a subscription. Only signed-in subscribers get such lines; an API key has
// none, and a 429 then says nothing about when to come back. Times come in seconds since the epoch.

import type { RateLimitWindow } from '../../../src/contract/agent.ts';
import { numberAt, objectAt, stringAt } from '../driver/index.ts';

/** Above it a time is in milliseconds already: in seconds it would lie beyond the year 5000. */
const LARGEST_SECONDS = 100_000_000_000;

/** Of a `rate_limit_info`: each window that it names, the one that limits first. */
export function limitWindows(info: unknown): readonly RateLimitWindow[] {
  const limiting = windowOf(stringAt(info, 'rateLimitType'), info);
  const all = Object.entries(objectAt(info, 'unifiedWindows') ?? {}).flatMap(([name, window]) =>
    windowOf(name, window),
  );
  return all.length > 0 ? all.slice(0, 20) : limiting;
}

/** When a refused account may go on; null when this `rate_limit_info` refuses nothing, or does not say. */
export function refusedUntil(info: unknown): number | null {
  if (stringAt(info, 'status') !== 'rejected') return null;
  return milliseconds(numberAt(info, 'resetsAt') ?? numberAt(info, 'overageResetsAt'));
}

/** Older versions wrote `usage limit reached|1795325252`. */
export function resetInText(text: string): number | null {
  const found = /limit reached\|(\d{9,13})\b/i.exec(text)?.[1];
  return found === undefined ? null : milliseconds(Number(found));
}

function windowOf(name: string, window: unknown): readonly RateLimitWindow[] {
  if (name === '') return [];
  const used = numberAt(window, 'utilization');
  return [
    {
      name: name.slice(0, 60),
      usedPercent: used === null ? null : Math.round(used * 1000) / 10,
      resetsAtMs: milliseconds(numberAt(window, 'resetsAt')),
    },
  ];
}

function milliseconds(time: number | null): number | null {
  if (time === null || time <= 0) return null;
  return Math.round(time < LARGEST_SECONDS ? time * 1000 : time);
}
