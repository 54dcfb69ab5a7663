// Numbers, times and codes in people's words. Pure: the time that counts as now is handed in, so that all
// of the page ages together by the daemon's clock.

import type { Parked, Pause } from './wire.ts';

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

const phrases: Readonly<Record<string, string>> = {
  checking: 'Checking',
  dispatch_transition: 'Claiming',
  dispatch_comment: 'Commenting',
  preparing_workspace: 'Preparing workspace',
  building_prompt: 'Building prompt',
  launching_agent: 'Launching agent',
  initializing_session: 'Starting session',
  streaming_turn: 'Working',
  finishing: 'Finishing',
  needs_human_review: 'Needs review',
  agent_error: 'Agent error',
  max_sessions: 'Session limit',
  no_evidence: 'Nothing done',
  timed_out: 'Timed out',
};

const endingPhrases: Readonly<Record<string, string>> = {
  issue_change: 'the issue changes',
  workflow_change: 'WORKFLOW.md changes',
  restart: 'the daemon restarts',
  raised_limit: 'the limit is raised',
};

/** A code in words: known ones by the list, others with spaces and a capital. */
export function words(code: string): string {
  const text = phrases[code] ?? code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What ends a park: `when the issue changes or WORKFLOW.md changes`, `in 3m 20s`. */
export function endings({ ends_on, until }: Pick<Parked, 'ends_on' | 'until'>, nowMs: number): string {
  const conditions = ends_on
    // Nobody can say so on this page yet; the API's list has it.
    .filter((code) => code !== 'until' && code !== 'operator')
    .map((code) => endingPhrases[code] ?? code.replaceAll('_', ' '));
  const time = until === null ? '' : countdown(until, nowMs);
  if (conditions.length === 0) return time === '' ? 'never by itself' : time;
  const last = conditions.pop() ?? '';
  const when = `when ${conditions.length === 0 ? last : `${conditions.join(', ')} or ${last}`}`;
  return time === '' ? when : `${time}, or ${when}`;
}

/** `Paused: codex, usage limit, until 14:00`; every agent when none is named. Never changes by itself: it is read out. */
export function pauseLine({ agent_kind, detail, until }: Pause, nowMs: number): string {
  const facts = [
    agent_kind ?? 'every agent',
    detail,
    until === null ? '' : `until ${clockTime(until, nowMs)}`,
  ];
  return `Paused: ${facts.filter((fact) => fact !== '').join(', ')}`;
}

/** `14:00` by the reader's clock, with the day in front when it is not today. */
export function clockTime(time: string, nowMs: number): string {
  const [then, now] = [new Date(time), new Date(nowMs)];
  const hours = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === now.toDateString()) return hours;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${hours}`;
}

function two(amount: number): string {
  return String(amount).padStart(2, '0');
}
