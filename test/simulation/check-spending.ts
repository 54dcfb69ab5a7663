// Usage and budgets: what the core has booked is the sum of what was reported, it is durable within moments, whoever
// crosses a limit is stopped in that step and parked, and nobody is started whose budget, or whose day, is used up.

import type { Effect, Event, Spending, StoredState } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { createLedger, USD_TOLERANCE, type Ledger } from './ledger.ts';
import type { MemoryStore } from './memory-store.ts';
import { told, type ClaimBefore, type Fail, type Observation } from './observation.ts';

export interface SpendingCheck {
  take(observation: Observation): void;
  begin(stored: StoredState): void;
  /** All writes are durable and nothing was reported for a while. */
  settled(state: CoreState, store: MemoryStore): void;
  /** Monotonic; null = never. */
  lastUsageMs(): number | null;
  readonly ledger: Ledger;
}

export function createSpendingCheck(fail: Fail): SpendingCheck {
  const ledger = createLedger();
  let lastUsageMs: number | null = null;

  function follow({ event, effects, before, state }: Observation): void {
    if (event.kind === 'run_progressed') {
      const { runId, event: said } = event;
      if (runClaim(before.claims, runId) === null) return;
      if (said.kind === 'session_lost') ledger.sessionLost(runId, said.sessionId);
      else if (said.kind === 'turn_started') {
        // What the turn before never reported is settled, which is saved as usage is.
        ledger.turnStarted(runId);
        lastUsageMs = event.monotonicMs;
      } else if (said.kind === 'agent_event' && said.event.kind === 'session_started') {
        ledger.sessionStarted(runId, said.event.sessionId);
      } else if (said.kind === 'agent_event' && said.event.kind === 'token_usage') {
        ledger.used(runId, said.event, state.settings, event.atMs);
        lastUsageMs = event.monotonicMs;
      }
    }
    for (const effect of effects) {
      if (effect.kind === 'save') {
        for (const write of effect.writes) {
          if (write.kind === 'forget_session') ledger.sessionForgotten(write.issueId);
          if (write.kind === 'put_spending' && isRenewed(write.spending, event, write.issueId))
            ledger.issueRenewed(write.issueId);
        }
      } else if (effect.kind === 'tell' && effect.notice.kind === 'workspace_removed') {
        ledger.issueForgotten(effect.notice.issueId);
      } else if (effect.kind === 'start_run') checkStart(effect, state, event.atMs);
    }
    if (event.kind === 'run_ended') ledger.ended(event.runId);
  }

  function checkStart(
    { spec }: Extract<Effect, { kind: 'start_run' }>,
    { settings }: CoreState,
    atMs: number,
  ): void {
    const { issue, agentKind, resumeSessionId, sessionUsage } = spec;
    const { budget } = settings.agent;
    if (agentKind !== settings.agent.kind) fail(`${issue.identifier} was started with another agent`);
    if (ledger.usedUp('issue', issue.id, budget, atMs))
      fail(`${issue.identifier} was started without a budget`);
    if (ledger.usedUp('day', '', budget, atMs))
      fail(`${issue.identifier} was started though the day is used up`);
    const session = resumeSessionId === null ? null : ledger.ofSession(issue.id);
    const told = sessionUsage === null ? null : sessionUsage.inputTokens + sessionUsage.outputTokens;
    if (told !== (session?.tokens ?? null)) {
      fail(`${issue.identifier} resumes a session of ${session?.tokens} tokens as one of ${told}`);
    }
    if (session !== null && !near(sessionUsage?.costUsd ?? 0, session.reportedUsd)) {
      fail(`${issue.identifier} resumes a session that has reported another cost`);
    }
    ledger.started(spec.runId, issue.id, agentKind, resumeSessionId);
  }

  function checkBooks({ event, before, state }: Observation): void {
    if (event.kind !== 'run_progressed' || !isUsage(event)) return;
    const issueId = runClaim(before.claims, event.runId);
    if (issueId === null) return;
    const spending = state.memory.get(issueId)?.spending;
    const issue = ledger.ofIssue(issueId);
    if (spending === undefined || spending.inputTokens + spending.outputTokens !== issue.tokens) {
      fail(`${issueId} has used ${issue.tokens} tokens, but ${JSON.stringify(spending)} is booked`);
    } else if (!near(spending.costUsd, issue.usd)) {
      fail(`${issueId} has cost ${issue.usd} USD, but ${spending.costUsd} is booked`);
    }
    const day = ledger.ofDay(event.atMs);
    const booked = state.day;
    if (booked?.day !== day.day || booked.inputTokens + booked.outputTokens !== day.tokens) {
      fail(`${day.day} has used ${day.tokens} tokens, but ${JSON.stringify(booked)} is booked`);
    }
  }

  /** Whoever crosses a limit is stopped, and nobody else. */
  function checkStops({ event, effects, before, state }: Observation): void {
    const { budget } = state.settings.agent;
    const usage = event.kind === 'run_progressed' && isUsage(event);
    const dayOver = ledger.usedUp('day', '', budget, event.atMs);
    for (const [issueId, { runId, stopping, stage }] of before.claims) {
      if (runId === null || stage !== 'running' || stopping !== null) continue;
      const stopped = effects.some(
        (effect) => effect.kind === 'stop_run' && effect.runId === runId && effect.reason === 'budget',
      );
      const reports = usage && event.runId === runId;
      const over =
        ledger.usedUp('run', runId, budget, event.atMs) ||
        ledger.usedUp('issue', issueId, budget, event.atMs);
      if (reports && over && !stopped) fail(`${issueId} crossed its budget and runs on`);
      if (usage && isLive(before.claims, event.runId) && dayOver && !stopped) {
        fail(`${issueId} runs on though the day is used up`);
      }
      if (stopped && !over && !dayOver) fail(`${issueId} was stopped with budget left`);
    }
  }

  function checkEnd({ event, effects, before, state }: Observation): void {
    if (event.kind !== 'run_ended' || event.exit.kind === 'normal') return;
    const issueId = runClaim(before.claims, event.runId);
    const was = issueId === null ? undefined : before.claims.get(issueId);
    if (issueId === null || was?.stopping !== 'budget') return;
    const stage = state.claims.get(issueId)?.stage;
    // What an operator has ordered waits for another day in the queue.
    if (was.isOrdered && stage?.kind === 'retry_queued') {
      if (stage.retry.step !== 'ordered') fail(`${issueId} forgot that it was ordered`);
      if (!stage.retry.error.includes('_per_day')) fail(`${issueId} goes on without a budget`);
      return;
    }
    if (stage?.kind !== 'parked' || stage.park.reason !== 'budget' || stage.park.crossed === null) {
      fail(`${issueId} was stopped for its budget, but is not parked for it`);
    } else if (!stage.park.detail.includes(String(stage.park.crossed.allowed))) {
      fail(`the park of ${issueId} does not say the figure`);
    }
    if (told(effects, 'retry_queued', issueId)) fail(`${issueId} goes on without a budget`);
  }

  return {
    ledger,
    lastUsageMs: () => lastUsageMs,
    begin(stored) {
      ledger.begin(stored);
      lastUsageMs = null;
    },
    take(observation) {
      checkEnd(observation);
      follow(observation);
      checkBooks(observation);
      checkStops(observation);
    },
    settled(state, store) {
      for (const { issueId, spending, sessionUsage, emptyRuns } of state.memory.values()) {
        const stored = store.issues.get(issueId);
        // After every step and for every issue: compared by fields, which is far cheaper than as text.
        if (
          stored?.emptyRuns === emptyRuns &&
          alike(stored.spending, spending) &&
          alike(stored.sessionUsage, sessionUsage)
        )
          continue;
        const known = { spending, sessionUsage, emptyRuns };
        const kept = stored && {
          spending: stored.spending,
          sessionUsage: stored.sessionUsage,
          emptyRuns: stored.emptyRuns,
        };
        fail(`${issueId} has ${JSON.stringify(known)}, but in the store ${JSON.stringify(kept)}`);
      }
      if (state.day !== null && JSON.stringify(store.load().day) !== JSON.stringify(state.day)) {
        fail(`${state.day.day} has other figures in the store`);
      }
    },
  };
}

/** Of figures by name. */
function alike(a: object | null, b: object | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const name in left) if (left[name] !== right[name]) return false;
  for (const name in right) if (!(name in left)) return false;
  return true;
}

export function nextMidnightMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + 86_400_000;
}

/** By an operator's word about this issue. A word may also begin a tick, which saves what others have spent. */
function isRenewed({ inputTokens, outputTokens, costUsd }: Spending, event: Event, issueId: string): boolean {
  if (event.kind !== 'control_requested' || !('issue' in event.command)) return false;
  return event.command.issue.id === issueId && inputTokens + outputTokens + costUsd === 0;
}

function isUsage({
  event,
}: {
  event: Extract<Observation['event'], { kind: 'run_progressed' }>['event'];
}): boolean {
  return event.kind === 'agent_event' && event.event.kind === 'token_usage';
}

function runClaim(claims: ReadonlyMap<string, ClaimBefore>, runId: string): string | null {
  for (const [issueId, claim] of claims)
    if (claim.runId === runId && claim.stage === 'running') return issueId;
  return null;
}

function isLive(claims: ReadonlyMap<string, ClaimBefore>, runId: string): boolean {
  return runClaim(claims, runId) !== null;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < USD_TOLERANCE * Math.max(1, Math.abs(b));
}
