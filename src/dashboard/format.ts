// Numbers and times in people's words. Pure: the time that counts as now is handed in, so that all of the page
// ages together by the daemon's clock.

/** `0s`, `45s`, `3m 05s`, `2h 07m`, `3d 4h`; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000)) || 0;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m ${two(seconds % 60)}s`;
  if (hours < 24) return `${hours}h ${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** `now` or `in 40s`. */
export function countdown(due: string, nowMs: number): string {
  const leftMs = Date.parse(due) - nowMs;
  return leftMs < 1000 ? 'now' : `in ${duration(leftMs)}`;
}

/** `just now`, `12s ago`, `56m ago`, `2h 07m ago`: seconds of an old thing would only flicker. */
export function ago(time: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(time);
  if (ageMs < 2_000) return 'just now';
  const age = ageMs >= 60_000 && ageMs < 3_600_000 ? `${Math.floor(ageMs / 60_000)}m` : duration(ageMs);
  return `${age} ago`;
}

/** `950`, `12.3k`, `1.24M`. */
export function compact(count: number): string {
  if (count < 1_000) return String(count);
  const [scale, unit] = count < 999_500 ? [1_000, 'k'] : count < 999_500_000 ? [1_000_000, 'M'] : [1e9, 'B'];
  const scaled = count / scale;
  return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)}${unit}`;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 100 ? 2 : 0)}`;
}

/** `14:00 UTC`, with the day in front when it is not today's (UTC): `2026-11-23 00:00 UTC`. */
export function utcTime(time: string, nowMs: number): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return time;
  const [day, clock] = [new Date(ms).toISOString().slice(0, 10), new Date(ms).toISOString().slice(11, 16)];
  return new Date(nowMs).toISOString().startsWith(day) ? `${clock} UTC` : `${day} ${clock} UTC`;
}

function two(amount: number): string {
  return String(amount).padStart(2, '0');
}

export { words } from './phrases.ts';
