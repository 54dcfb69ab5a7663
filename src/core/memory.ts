// What is remembered of an issue across its runs: folder, session, allowances used. The map in the state mirrors the
// store's rows; whoever changes one here has the other written in the same step.

import type { StoredIssue } from '../contract/index.ts';
import { tellOf, write, type Orders } from './orders.ts';
import { NOTHING_SPENT, UNUSED_SESSION } from './spending.ts';
import type { Claim, CoreState, Run } from './state.ts';

export function rememberIssue(
  orders: Orders,
  claim: Pick<Claim, 'issueId' | 'identifier'>,
  facts: Partial<Omit<StoredIssue, 'issueId' | 'identifier'>>,
): void {
  const { memory } = orders.state;
  const known = memory.get(claim.issueId) ?? {
    issueId: claim.issueId,
    identifier: claim.identifier,
    workspacePath: null,
    sessionId: null,
    sessionAgentKind: null,
    sessionsUsed: 0,
    spending: NOTHING_SPENT,
    sessionUsage: null,
    emptyRuns: 0,
  };
  memory.set(claim.issueId, { ...known, identifier: claim.identifier, ...facts });
}

/** A finished issue whose folder is gone: should it ever come back, it begins anew, its allowance too. */
export function forgetIssue(orders: Orders, claim: Claim): void {
  const { issueId, identifier } = claim;
  orders.state.memory.delete(issueId);
  write(orders, { kind: 'forget_workspace', issueId });
  write(orders, { kind: 'forget_session', issueId });
  write(orders, { kind: 'put_sessions_used', issueId, identifier, sessionsUsed: 0 });
  write(orders, { kind: 'put_spending', issueId, identifier, spending: NOTHING_SPENT, sessionUsage: null });
  write(orders, { kind: 'put_empty_runs', issueId, identifier, emptyRuns: 0 });
}

export function countSession(orders: Orders, claim: Claim): void {
  const sessionsUsed = (orders.state.memory.get(claim.issueId)?.sessionsUsed ?? 0) + 1;
  putSessionsUsed(orders, claim, sessionsUsed);
}

export function putSessionsUsed(orders: Orders, claim: Claim, sessionsUsed: number): void {
  const { issueId, identifier } = claim;
  rememberIssue(orders, claim, { sessionsUsed });
  write(orders, { kind: 'put_sessions_used', issueId, identifier, sessionsUsed });
}

export function putEmptyRuns(orders: Orders, claim: Claim, emptyRuns: number): void {
  const { issueId, identifier } = claim;
  if ((orders.state.memory.get(issueId)?.emptyRuns ?? 0) === emptyRuns) return;
  rememberIssue(orders, claim, { emptyRuns });
  write(orders, { kind: 'put_empty_runs', issueId, identifier, emptyRuns });
}

/** As it is now: absolute figures, so that writing them again does no harm. */
export function putSpending(orders: Orders, claim: Pick<Claim, 'issueId' | 'identifier'>): void {
  const { issueId, identifier } = claim;
  const known = orders.state.memory.get(issueId);
  if (known === undefined) return;
  const { spending, sessionUsage } = known;
  write(orders, { kind: 'put_spending', issueId, identifier, spending, sessionUsage });
}

/** Another agent's session id means nothing to this one. */
export function sessionToResume(state: CoreState, issueId: string): string | null {
  const known = state.memory.get(issueId);
  return known?.sessionAgentKind === state.settings.agent.kind ? known.sessionId : null;
}

/** Whether what the run's session uses is what is remembered for the issue's next run. */
export function isRemembered(state: CoreState, issueId: string, run: Run): boolean {
  const known = state.memory.get(issueId);
  if (known === undefined || known.sessionId === null) return false;
  return known.sessionId === run.sessionId && known.sessionAgentKind === run.agentKind;
}

/** What a session uses before it has named itself is its own; under another name, another one has begun. */
export function sessionStarted(orders: Orders, claim: Claim, run: Run, sessionId: string): void {
  if (run.sessionId !== null && run.sessionId !== sessionId) beginSession(run);
  run.sessionId = sessionId;
  const isNew = !isRemembered(orders.state, claim.issueId, run);
  const { agentKind, runId } = run;
  rememberIssue(orders, claim, { sessionId, sessionAgentKind: agentKind, sessionUsage: run.sessionUsage });
  write(orders, { kind: 'run_session', runId, issueId: claim.issueId, agentKind, sessionId });
  if (isNew) putSpending(orders, claim);
}

/** The agent does not know the session that it was to go on with. */
export function sessionLost(orders: Orders, claim: Claim, run: Run, sessionId: string): void {
  if (orders.state.memory.get(claim.issueId)?.sessionId === sessionId) forgetSession(orders, claim.issueId);
  if (run.sessionId === sessionId) {
    run.sessionId = null;
    beginSession(run);
  }
  tellOf(orders, claim, {
    kind: 'run_warned',
    message: 'the agent does not know its session any more: a fresh one follows',
    detail: sessionId,
  });
}

export function forgetSession(orders: Orders, issueId: string): void {
  const { memory } = orders.state;
  const known = memory.get(issueId);
  if (known === undefined || known.sessionId === null) return;
  memory.set(issueId, { ...known, sessionId: null, sessionAgentKind: null, sessionUsage: null });
  write(orders, { kind: 'forget_session', issueId });
}

/** What was estimated for the session before will never be reported. */
function beginSession(run: Run): void {
  run.keepsEstimate = run.costEstimated;
  run.sessionUsage = UNUSED_SESSION;
}
