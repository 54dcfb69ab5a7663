// Usage limits and rate limits of an agent: not a failure, but a time to wait, for every issue that the same agent
// would work on. The hold ends at the time that the agent named (within bounds), or after waits that double; its row
// is kept until a turn completes, so that the next answer of this kind is known to be one in a row.

import type { RunFailure, StoredQuota } from '../contract/index.ts';
import { queueAgentPaused } from './notify.ts';
import { write, type Orders } from './orders.ts';
import type { CoreState } from './state.ts';

/** A reset that has just passed; one that always has (a wrong clock, a misread zone) doubles it, as if none was named. */
const SHORTEST_MS = 30_000;
/** The longest window that any of them has is a week. */
const LONGEST_MS = 8 * 86_400_000;
const FIRST_GUESS_MS = 60_000;
const LONGEST_GUESS_MS = 3_600_000;

/** Several runs meet the same limit at once: only the first of them counts. */
export function holdForQuota(orders: Orders, agentKind: string, failure: RunFailure): StoredQuota {
  const { state, now } = orders;
  const before = state.quotas.get(agentKind);
  const isHeld = before !== undefined && now.atMs < before.untilMs;
  const hits = isHeld ? before.hits : (before?.hits ?? 0) + 1;
  const untilMs = now.atMs + waitMs(failure.resetAtMs ?? null, now.atMs, hits);
  const quota: StoredQuota = {
    agentKind,
    untilMs: isHeld ? Math.max(before.untilMs, untilMs) : untilMs,
    detail: failure.message,
    hits,
  };
  if (!isHeld) queueAgentPaused(orders, agentKind, { why: 'is over its limit', detail: failure.message });
  state.quotas.set(agentKind, quota);
  write(orders, { kind: 'put_quota', quota });
  return quota;
}

/** What holds the agent of the settings in force; null = nothing. */
export function quotaInForce({ settings, quotas }: CoreState, atMs: number): StoredQuota | null {
  const quota = quotas.get(settings.agent.kind);
  return quota !== undefined && atMs < quota.untilMs ? quota : null;
}

/** The limit is over. A turn that had begun before it was met says nothing of it. */
export function onTurnCompleted(orders: Orders, agentKind: string): void {
  const quota = orders.state.quotas.get(agentKind);
  if (quota !== undefined && orders.now.atMs >= quota.untilMs) liftQuota(orders, agentKind);
}

export function liftQuota(orders: Orders, agentKind: string): void {
  if (orders.state.quotas.delete(agentKind)) write(orders, { kind: 'delete_quota', agentKind });
}

function waitMs(resetAtMs: number | null, atMs: number, hits: number): number {
  const namedMs = resetAtMs === null ? 0 : resetAtMs - atMs;
  if (namedMs > SHORTEST_MS) return Math.min(namedMs, LONGEST_MS);
  const firstMs = resetAtMs === null ? FIRST_GUESS_MS : SHORTEST_MS;
  // 2^10 times either is past the limit; the clamp keeps the arithmetic exact.
  return Math.min(firstMs * 2 ** Math.min(hits - 1, 10), LONGEST_GUESS_MS);
}
