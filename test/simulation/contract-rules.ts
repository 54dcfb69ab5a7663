// The contract's rules, written a second time and from its words alone, for the checks to hold the core against.
// Imports nothing of the core: a shared mistake would hide itself.

import type { CoreSettings, Issue, ParkReason, StoredPark } from '../../src/contract/index.ts';

export function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

export function stateIsTerminal(state: string, settings: CoreSettings): boolean {
  return settings.tracker.terminalStates.some((one) => sameText(one, state));
}

export function stateIsActive(state: string, settings: CoreSettings): boolean {
  return (
    settings.tracker.activeStates.some((one) => sameText(one, state)) && !stateIsTerminal(state, settings)
  );
}

export function mayRun(issue: Issue, settings: CoreSettings): boolean {
  return (
    [issue.id, issue.identifier, issue.title, issue.state].every((field) => field !== '') &&
    stateIsActive(issue.state, settings) &&
    settings.tracker.requiredLabels.every((label) => issue.labels.some((one) => sameText(one, label))) &&
    issue.blockedBy.every(({ state }) => stateIsTerminal(state, settings))
  );
}

/** An operator has asked for it: only its state counts. */
export function mayRunIfOrdered(issue: Issue, settings: CoreSettings): boolean {
  return mayRun({ ...issue, labels: settings.tracker.requiredLabels, blockedBy: [] }, settings);
}

/** Priority ascending with null last, then oldest, then identifier. */
export function compareByContract(a: Issue, b: Issue): number {
  const rank = (issue: Issue): number => issue.priority ?? Number.MAX_VALUE;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const age = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  if (age !== 0) return age;
  return a.identifier < b.identifier ? -1 : a.identifier > b.identifier ? 1 : 0;
}

/** `min(10 s × 2^(n−1), max)` */
export function contractBackoffMs(failures: number, maxMs: number): number {
  let delayMs = 10_000;
  for (let n = 1; n < failures && delayMs < maxMs; n += 1) delayMs *= 2;
  return Math.min(delayMs, maxMs);
}

export function stateLimit(state: string, settings: CoreSettings): number {
  const found = Object.entries(settings.agent.maxConcurrentAgentsByState).find(([key]) =>
    sameText(key, state),
  );
  return found?.[1] ?? Infinity;
}

type End = 'issue_change' | 'workflow_change' | 'restart' | 'raised_limit' | 'until' | 'operator';

const PARK_ENDED_BY: Readonly<Record<ParkReason, readonly End[]>> = {
  blocked: ['issue_change', 'workflow_change', 'operator'],
  needs_human_review: ['issue_change', 'workflow_change', 'operator'],
  input_required: ['issue_change', 'workflow_change', 'operator'],
  handoff_failed: ['issue_change', 'workflow_change', 'operator'],
  workspace_refused: ['issue_change', 'workflow_change', 'operator'],
  agent_error: ['issue_change', 'workflow_change', 'restart', 'operator'],
  max_sessions: ['raised_limit', 'operator'],
  no_evidence: ['issue_change', 'workflow_change', 'operator'],
  // The agent's own; of ours, see below.
  budget: ['workflow_change', 'operator'],
  quota: ['until', 'operator'],
  held: [],
};

export function parkEndedBy({ reason, crossed }: Pick<StoredPark, 'reason' | 'crossed'>): readonly string[] {
  if (reason !== 'budget' || crossed === null) return PARK_ENDED_BY[reason];
  return crossed.limit.endsWith('PerDay')
    ? ['raised_limit', 'until', 'operator']
    : ['raised_limit', 'operator'];
}
