// What ends a park: by its reason, and of a budget's by what was crossed. Ending one is parking.ts's affair.

import type { ParkReason, StoredPark } from '../contract/index.ts';
import { isRaised, scopeOf } from './budgets.ts';
import type { CoreState } from './state.ts';

export type ParkEnd =
  'issue_change' | 'workflow_change' | 'operator' | 'restart' | 'raised_limit' | 'until' | 'unhold';

const BY_CHANGE: readonly ParkEnd[] = ['issue_change', 'workflow_change', 'operator'];

const PARK_ENDS: Readonly<Record<Exclude<ParkReason, 'budget'>, readonly ParkEnd[]>> = {
  blocked: BY_CHANGE,
  needs_human_review: BY_CHANGE,
  input_required: BY_CHANGE,
  handoff_failed: BY_CHANGE,
  workspace_refused: BY_CHANGE,
  no_evidence: BY_CHANGE,
  agent_error: [...BY_CHANGE, 'restart'],
  max_sessions: ['operator', 'raised_limit'],
  quota: ['until', 'operator'],
  held: ['unhold'],
};

/** The agent's own limit is in the agent's block: of that we see only that the workflow has changed. */
const OWN_BUDGET_ENDS: readonly ParkEnd[] = ['workflow_change', 'operator'];
const BUDGET_ENDS: readonly ParkEnd[] = ['operator', 'raised_limit'];
const DAY_BUDGET_ENDS: readonly ParkEnd[] = ['operator', 'raised_limit', 'until'];

export function parkEnds({ reason, crossed }: Pick<StoredPark, 'reason' | 'crossed'>): readonly ParkEnd[] {
  if (reason !== 'budget') return PARK_ENDS[reason];
  if (crossed === null) return OWN_BUDGET_ENDS;
  return scopeOf(crossed) === 'day' ? DAY_BUDGET_ENDS : BUDGET_ENDS;
}

/** Whether the limit that it is about leaves room again. */
export function limitWasRaised(state: CoreState, park: StoredPark, atMs: number): boolean {
  if (park.reason === 'max_sessions') {
    const limit = state.settings.agent.maxSessions;
    return limit <= 0 || (state.memory.get(park.issueId)?.sessionsUsed ?? 0) < limit;
  }
  return park.reason === 'budget' && park.crossed !== null
    ? isRaised(state, park.issueId, park.crossed, atMs)
    : false;
}
