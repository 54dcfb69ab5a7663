// What people are shown. Reads the state, changes nothing.

import type { Claim, CoreState, Run, VerdictRecord } from './state.ts';
import type {
  IssueSnapshot,
  ParkedEntry,
  RetryingEntry,
  RunningEntry,
  RunPhase,
  Snapshot,
  StoredPark,
  VerdictEntry,
} from '../contract/index.ts';
import { controlsOf } from './control-rules.ts';
import { dayAt } from './days.ts';
import { isDrained } from './drain.ts';
import { handoffShown } from './handoff-limit.ts';
import { parkEnds } from './park-ends.ts';
import { pausesOf } from './pauses.ts';
import { errorShown } from './retries.ts';
import { recordSinceMs } from './since.ts';
import { countSlots } from './slots.ts';
import { stageSinceMs, verdictOfStage } from './verdicts.ts';
import { waitingOf } from './waiting.ts';

/** null before recovery has finished. */
export function snapshotOf(state: CoreState, nowMs: number): Snapshot | null {
  if (state.mode === 'recovering') return null;
  const running: RunningEntry[] = [];
  const retrying: RetryingEntry[] = [];
  const parked: ParkedEntry[] = [];
  for (const claim of state.claims.values()) {
    const { stage } = claim;
    if (stage.kind === 'retry_queued') retrying.push(retryingEntry(stage));
    else if (stage.kind === 'parked') parked.push(parkedEntry(stage.park));
    else running.push(runningEntry(claim, state));
  }
  running.sort((a, b) => a.startedAtMs - b.startedAtMs);
  retrying.sort((a, b) => a.dueAtMs - b.dueAtMs);
  parked.sort((a, b) => b.parkedAtMs - a.parkedAtMs);
  const { budget } = state.settings.agent;
  const costs = running.flatMap((entry) => (entry.costUsd === null ? [] : [entry.costUsd]));
  return {
    generatedAtMs: nowMs,
    mode: state.mode === 'running' ? 'running' : 'draining',
    running,
    retrying,
    parked,
    agentTotals: totalsWithRunning(state),
    runsEnded: state.runsEnded,
    ...waitingOf(state),
    dispatch: state.dispatch,
    drained: isDrained(state),
    handoff: handoffShown(state),
    pauses: pausesOf(state, nowMs),
    rateLimits: [...state.rateLimits.values()],
    budget: { maxTokensPerDay: budget.maxTokensPerDay, maxUsdPerDay: budget.maxUsdPerDay },
    today: dayAt(state.day, nowMs),
    activeEstimatedCostUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    slots: { limit: state.settings.agent.maxConcurrentAgents, used: countSlots(state).used },
    lastTick: state.lastTick,
    preflightProblems: state.preflightProblems,
  };
}

/** By identifier, case-insensitive; null when neither claimed nor in the last candidate read. */
export function issueSnapshotOf(state: CoreState, identifier: string): IssueSnapshot | null {
  const wanted = identifier.toLowerCase();
  for (const claim of state.claims.values()) {
    if (claim.identifier.toLowerCase() === wanted) return claimedIssue(state, claim);
  }
  for (const [issueId, seen] of state.verdicts) {
    if (seen.identifier.toLowerCase() !== wanted) continue;
    const { verdict, detail, asOfMs } = seen;
    const sinceMs = recordSinceMs(state, seen);
    return {
      issueId,
      issueIdentifier: seen.identifier,
      ...subjectOf(null, seen),
      status: 'released',
      verdict: { verdict, detail, sinceMs, asOfMs },
      issue: null,
      running: null,
      retry: null,
      park: null,
      recentEvents: [...(state.recent.get(issueId) ?? [])],
      lastError: '',
      controls: controlsOf(state, { identifier: seen.identifier, claim: null, judged: seen }),
    };
  }
  return null;
}

function claimedIssue(state: CoreState, claim: Claim): IssueSnapshot {
  const { stage } = claim;
  const active = stage.kind !== 'retry_queued' && stage.kind !== 'parked';
  return {
    issueId: claim.issueId,
    issueIdentifier: claim.identifier,
    ...subjectOf(claim, state.verdicts.get(claim.issueId)),
    status: active ? 'running' : stage.kind === 'parked' ? 'parked' : 'retrying',
    verdict: verdictEntry(state, claim),
    issue: claim.issue,
    running: active ? runningEntry(claim, state) : null,
    retry: stage.kind === 'retry_queued' ? retryingEntry(stage) : null,
    park: stage.kind === 'parked' ? parkedEntry(stage.park) : null,
    recentEvents: [...(state.recent.get(claim.issueId) ?? [])],
    lastError: claim.lastError,
    controls: controlsOf(state, { identifier: claim.identifier, claim, judged: null }),
  };
}

/** What the claim does not know (after a restart, before the first look), the last list of candidates may. */
function subjectOf(
  claim: Claim | null,
  seen: VerdictRecord | undefined,
): Pick<IssueSnapshot, 'title' | 'issueState' | 'issueUrl'> {
  return {
    title: claim?.title ?? seen?.title ?? '',
    issueState: claim?.issue?.state ?? seen?.state ?? '',
    issueUrl: claim?.issue?.url ?? seen?.url ?? '',
  };
}

function verdictEntry(state: CoreState, claim: Claim): VerdictEntry {
  const sinceMs = stageSinceMs(claim);
  const asOfMs = Math.max(sinceMs, state.verdicts.get(claim.issueId)?.asOfMs ?? 0);
  const verdict = verdictOfStage(claim);
  const detail =
    claim.stage.kind === 'parked'
      ? verdict === 'held'
        ? claim.stage.park.detail
        : claim.stage.park.reason
      : claim.stage.kind === 'retry_queued'
        ? errorShown(claim.stage)
        : '';
  return { verdict, detail, sinceMs, asOfMs };
}

function runningEntry(claim: Claim, state: CoreState): RunningEntry {
  const { stage } = claim;
  const run = 'run' in stage ? stage.run : null;
  return {
    issueId: claim.issueId,
    issueIdentifier: claim.identifier,
    title: claim.title,
    state: claim.issue?.state ?? '',
    runId: run?.runId ?? null,
    sessionId: run?.sessionId ?? null,
    phase: phaseOf(claim, run),
    attempt: claim.attempt,
    turnCount: run?.turn ?? 0,
    lastEvent: run?.lastEvent ?? null,
    lastMessage: run?.lastMessage ?? '',
    startedAtMs: run?.startedAtMs ?? stageSinceMs(claim),
    lastEventAtMs: run?.lastEventAtMs ?? null,
    workspacePath: run?.workspacePath ?? state.memory.get(claim.issueId)?.workspacePath ?? null,
    agentKind: run?.agentKind ?? state.settings.agent.kind,
    modelName: run?.modelName ?? '',
    tokens: run?.tokens ?? { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
    costUsd: run?.costUsd ?? null,
    costEstimated: run?.costEstimated ?? false,
    tools: [...(run?.tools.values() ?? [])].map(({ name }) => name),
  };
}

function phaseOf(claim: Claim, run: Run | null): RunPhase {
  if (claim.stage.kind === 'checking') return 'checking';
  if (claim.stage.kind === 'running' && run !== null) return run.phase;
  return 'finishing';
}

function retryingEntry(stage: Extract<Claim['stage'], { kind: 'retry_queued' }>): RetryingEntry {
  const { retry } = stage;
  return {
    issueId: retry.issueId,
    issueIdentifier: retry.identifier,
    title: retry.title,
    attempt: retry.attempt,
    dueAtMs: retry.dueAtMs,
    error: errorShown(stage),
    trigger: retry.trigger,
  };
}

function parkedEntry(park: StoredPark): ParkedEntry {
  return {
    issueId: park.issueId,
    issueIdentifier: park.identifier,
    title: park.title,
    reason: park.reason,
    detail: park.detail,
    parkedAtMs: park.parkedAtMs,
    untilMs: park.untilMs,
    endsOn: parkEnds(park),
  };
}

/** Ended runs, and the tokens of those still running so that the figure never jumps back. */
function totalsWithRunning(state: CoreState): Snapshot['agentTotals'] {
  const totals = { ...state.totals };
  for (const claim of state.claims.values()) {
    if (claim.stage.kind !== 'running') continue;
    totals.inputTokens += claim.stage.run.tokens.inputTokens;
    totals.outputTokens += claim.stage.run.tokens.outputTokens;
    totals.cacheReadTokens += claim.stage.run.tokens.cacheReadTokens;
  }
  return totals;
}
