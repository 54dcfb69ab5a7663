// Since when something keeps runs back: the beginning of the verdict, not of its latest figures. An operator's word is
// durable and has its own time; of everything else a restart remembers no beginning, so it counts from the daemon's
// start. Noted after every step; what is asked in between only reads.

import type { PauseEntry } from '../contract/index.ts';
import { normalise } from './eligibility.ts';
import { pauseKey, verdictOf } from './pauses.ts';
import { holdsSlot } from './slots.ts';
import type { CoreState, Trouble, VerdictRecord } from './state.ts';
import { stageSinceMs } from './verdicts.ts';

/** What keeps everything back without being a pause; the one that counts first first. */
export function troublesOf(state: CoreState, nowMs: number): Trouble[] {
  const troubles: Trouble[] = [];
  if (state.storeFailing) troubles.push('store');
  if (state.preflightProblems.length > 0) troubles.push('preflight');
  if (nowMs < state.trackerNotBeforeMs) troubles.push('tracker');
  return troubles;
}

/** After every step: what has begun or ended. */
export function noteTroubles(state: CoreState, nowMs: number): void {
  const troubles = troublesOf(state, nowMs);
  for (const known of state.troubleSince.keys()) {
    if (!troubles.includes(known)) state.troubleSince.delete(known);
  }
  for (const trouble of troubles) {
    if (!state.troubleSince.has(trouble)) state.troubleSince.set(trouble, nowMs);
  }
}

/** null = it has begun since the last step. */
export function pauseSinceMs(state: CoreState, pause: PauseEntry): number | null {
  const { breaker, dispatch } = state;
  if (pause.reason === 'paused' || pause.reason === 'draining') return dispatch.sinceMs;
  if (pause.reason === 'breaker' && breaker.kind === 'open') return breaker.sinceMs;
  return state.toldPauses.get(pauseKey(pause))?.sinceMs ?? null;
}

/** Of what was read: a pause that is still in force is older than the look that met it. */
export function recordSinceMs(state: CoreState, record: VerdictRecord): number {
  for (const pause of state.toldPauses.values()) {
    if (verdictOf(pause, state).verdict === record.verdict) {
      return pauseSinceMs(state, pause) ?? record.sinceMs;
    }
  }
  return record.sinceMs;
}

/**
 * When the last of those who hold the slots took theirs; null = nobody has one.
 * @param issueState whose slots; null = all.
 */
export function slotsTakenSinceMs(state: CoreState, issueState: string | null): number | null {
  let sinceMs: number | null = null;
  for (const claim of state.claims.values()) {
    const counts =
      holdsSlot(claim) &&
      (issueState === null || normalise(claim.issue?.state ?? '') === normalise(issueState));
    if (counts) sinceMs = Math.max(sinceMs ?? 0, stageSinceMs(claim));
  }
  return sinceMs;
}
