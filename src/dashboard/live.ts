// The line to the daemon: server-sent events, each the whole state. Opened anew with growing pauses when it
// breaks, at once when the browser comes back online or the tab to the front. Says at every moment whether what
// is shown is current: a line that is quiet for long is asked about, because a dead one looks the same. Notices that
// the daemon on the other end is another one than before.

import { signal } from '@preact/signals';
import { ApiFailure, request } from './api.ts';
import { browserNow, freezeDaemonTime, setDaemonTime } from './clock.ts';
import { share } from './share.ts';
import type { ReadinessAnswer, State } from './wire.ts';

export type Connection =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly nextTryMs: number };

/** null until the first event. Equal parts keep their identity from event to event. */
export const state = signal<State | null>(null);
export const connection = signal<Connection>({ kind: 'waiting' });
export const readiness = signal<ReadinessAnswer | null>(null);
/** The version that this page was loaded with is not the daemon's any more. */
export const outdated = signal(false);
/** Rises when another process answers than before: what was read once has to be read again. */
export const daemonStarts = signal(0);

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/**
 * A state comes every 30 s, changed or not, so a line that is quiet for twice as long may be dead without the browser
 * knowing: the server's comments do not reach scripts. The daemon is asked first, because it may only be slow.
 */
const QUIET_LIMIT_MS = 60_000;
/** Who does not answer a probe for so long is not there. */
const PROBE_LIMIT_MS = 10_000;
/** Uptimes are read to the second, and answers take their time. */
const START_TOLERANCE_MS = 5_000;

let source: EventSource | null = null;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
/** By the line itself, or that it was opened. */
let lastHeardMs = 0;
let isProbing = false;
let startedAtMs: number | null = null;

export function openLive(): void {
  clearTimeout(retryTimer);
  source?.close();
  lastHeardMs = Date.now();
  source = new EventSource('/api/v1/events');
  source.addEventListener('state', (event: MessageEvent<string>) => {
    lastHeardMs = Date.now();
    failures = 0;
    const next = share(state.value, JSON.parse(event.data) as State);
    if (connection.value.kind !== 'live') {
      connection.value = { kind: 'live' };
      freezeDaemonTime(false);
      void readReadiness();
    }
    setDaemonTime(next.generated_at);
    state.value = next;
  });
  source.addEventListener('error', lose);
}

export function closeLive(): void {
  clearTimeout(retryTimer);
  source?.close();
  source = null;
}

/** Started once by main.tsx. */
export function watchBrowser(): void {
  addEventListener('online', retryNow);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || source === null) return;
    if (connection.value.kind !== 'live') retryNow();
  });
  // With the page's clock: a second screen is looked at without ever coming to the front.
  browserNow.subscribe(() => void probeQuietLine());
}

/** A line that may be dead is replaced when the daemon answers, which brings the state anew; else it is lost. */
async function probeQuietLine(): Promise<void> {
  const asked = source;
  if (asked === null || isProbing || Date.now() - lastHeardMs <= QUIET_LIMIT_MS) return;
  isProbing = true;
  const answers = await readReadiness(AbortSignal.timeout(PROBE_LIMIT_MS));
  isProbing = false;
  // Something was heard meanwhile, or the line was closed or opened anew.
  if (source !== asked || Date.now() - lastHeardMs <= QUIET_LIMIT_MS) return;
  if (answers) openLive();
  else lose();
}

export function retryNow(): void {
  if (connection.value.kind === 'lost') openLive();
}

function lose(): void {
  closeLive();
  const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  failures += 1;
  const before = connection.value;
  const sinceMs = before.kind === 'lost' ? before.sinceMs : Date.now();
  freezeDaemonTime(true);
  connection.value = { kind: 'lost', sinceMs, nextTryMs: Date.now() + waitMs };
  retryTimer = setTimeout(openLive, waitMs);
  void whyRefused();
}

/** An event source does not say that it was refused for want of a sign-in; a plain request does, and leads there. */
async function whyRefused(): Promise<void> {
  try {
    await request('/api/v1/operator-actions?limit=1');
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) closeLive();
  }
}

/** @returns whether the daemon answered. */
export async function readReadiness(signal?: AbortSignal): Promise<boolean> {
  let answer: ReadinessAnswer;
  try {
    // It answers 503 with the same body when a check fails.
    answer = (await (await fetch('/readyz', { signal: signal ?? null })).json()) as ReadinessAnswer;
  } catch {
    return false;
  }
  const before = readiness.value;
  const startMs = Date.now() - answer.uptime_seconds * 1_000;
  if (before !== null && before.version !== answer.version) outdated.value = true;
  if (startedAtMs !== null && startMs - startedAtMs > START_TOLERANCE_MS) daemonStarts.value += 1;
  startedAtMs = startMs;
  readiness.value = share(before, answer);
  return true;
}
