// What keeps every new run from being started: an operator's word, the day's budget, an agent that refuses to work, an
// agent over its usage limit, the breaker; and what keeps only new issues back, the review limit. Runs that go on are
// left alone here. People are told once when a pause begins and once when it ends.

import type { PauseEntry, Verdict } from '../contract/index.ts';
import { breakerHolds, breakerPause, breakerVerdict } from './breaker.ts';
import { dayLimitReached, describeLimit } from './budgets.ts';
import { dayAt, endOfDayMs } from './days.ts';
import { handoffPause, handoffVerdict } from './handoff-limit.ts';
import { minuteAfter } from './minutes.ts';
import { queueAgentPaused, queueBudgetReached } from './notify.ts';
import { describeWord } from './operator-words.ts';
import { tell, type Orders } from './orders.ts';
import { quotaInForce } from './quota.ts';
import type { Claim, CoreState, ToldPause } from './state.ts';

/** Those that concern the settings in force, the one that counts first first. */
export function pausesOf(state: CoreState, atMs: number): PauseEntry[] {
  const agentKind = state.settings.agent.kind;
  const pauses: PauseEntry[] = [];
  const { mode } = state.dispatch;
  if (mode !== 'running') {
    pauses.push({ reason: mode, agentKind: null, detail: describeWord(state.dispatch), untilMs: null });
  }
  const crossed = dayLimitReached(state, atMs);
  if (crossed !== null) {
    const untilMs = endOfDayMs(dayAt(state.day, atMs).day);
    pauses.push({ reason: 'budget', agentKind: null, detail: describeLimit(crossed), untilMs });
  }
  const refusal = state.refusals.get(agentKind);
  if (refusal !== undefined) {
    pauses.push({ reason: 'agent_error', agentKind, detail: refusal.detail, untilMs: null });
  }
  const quota = quotaInForce(state, atMs);
  if (quota !== null) {
    pauses.push({ reason: 'quota', agentKind, detail: quota.detail, untilMs: quota.untilMs });
  }
  const breaker = breakerPause(state, atMs);
  if (breaker !== null) pauses.push(breaker);
  const handoff = handoffPause(state);
  if (handoff !== null) pauses.push(handoff);
  return pauses;
}

/**
 * null = a run may be started of an issue that we have a hold on.
 * @param issueId null = of whichever is next.
 */
export function pauseOf(state: CoreState, atMs: number, issueId: string | null = null): PauseEntry | null {
  const pause = pauseOfNew(state, atMs, issueId);
  return pause?.reason === 'handoff_limit' ? null : pause;
}

/** null = a run may be started of an issue that nobody has a hold on yet. */
export function pauseOfNew(state: CoreState, atMs: number, issueId: string | null = null): PauseEntry | null {
  const holds = ({ reason }: PauseEntry): boolean =>
    reason !== 'breaker' || breakerHolds(state, atMs, issueId);
  return pausesOf(state, atMs).find(holds) ?? null;
}

/** What a candidate is told that could run otherwise. */
export function verdictOf(pause: PauseEntry, state: CoreState): { verdict: Verdict; detail: string } {
  const until = pause.untilMs === null ? '' : ` until ${minuteAfter(pause.untilMs)}`;
  switch (pause.reason) {
    case 'paused':
      return { verdict: 'paused', detail: pause.detail };
    case 'draining':
      return { verdict: 'draining', detail: pause.detail };
    case 'budget':
      return { verdict: 'budget_paused', detail: `${pause.detail}${until === '' ? '' : `,${until}`}` };
    case 'agent_error':
      return { verdict: 'paused', detail: `agent ${pause.agentKind} refuses to work: ${pause.detail}` };
    case 'quota':
      return {
        verdict: 'paused',
        detail: `agent ${pause.agentKind} is over its limit${until}: ${pause.detail}`,
      };
    case 'breaker':
      return breakerVerdict(state);
    case 'handoff_limit':
      return handoffVerdict(state);
  }
}

/** What a due retry says while it waits. Holds no figure that changes: each change would be a write. */
export function waitingFor(pause: PauseEntry): string {
  if (pause.reason === 'paused') return 'dispatch is paused by an operator';
  if (pause.reason === 'draining') return 'dispatch is draining: nothing is started';
  if (pause.reason === 'budget') return 'dispatch is paused: the budget of the day is used up';
  if (pause.reason === 'breaker') return 'dispatch is paused: many issues in a row failed in the same way';
  return `dispatch is paused: agent ${pause.agentKind} ${pause.reason === 'quota' ? 'is over its limit' : 'refuses to work'}`;
}

/** Issue `claim` is parked because its agent refuses to work; whoever meets that later only waits. */
export function refuseAgent(orders: Orders, agentKind: string, claim: Claim, detail: string): void {
  orders.state.refusals.set(agentKind, { detail, issueId: claim.issueId });
  queueAgentPaused(orders, agentKind, { why: 'refuses to work', detail });
}

/** Its park has ended, however: perhaps the agent works again. */
export function trustAgentAgain({ state }: Orders, issueId: string): void {
  for (const [agentKind, refusal] of state.refusals) {
    if (refusal.issueId === issueId) state.refusals.delete(agentKind);
  }
}

/** Two pauses for the same reason are one that goes on, whatever its figures. */
export function pauseKey({ reason, agentKind }: PauseEntry): string {
  return `${reason} ${agentKind ?? ''}`;
}

/** After every step: what has begun or ended since people were last told. */
export function tellPauses(orders: Orders): void {
  const { state, now } = orders;
  if (state.mode !== 'running') return;
  const pauses = pausesOf(state, now.atMs);
  if (pauses.length === 0 && state.toldPauses.size === 0) return;
  const current = new Map<string, ToldPause>();
  for (const pause of pauses) {
    const key = pauseKey(pause);
    const known = state.toldPauses.get(key);
    current.set(key, { ...pause, sinceMs: known?.sinceMs ?? now.atMs });
    if (known !== undefined) continue;
    tell(orders, { kind: 'dispatch_paused', ...pause });
    if (pause.reason === 'budget') queueBudgetReached(orders);
  }
  for (const [key, { reason, agentKind }] of state.toldPauses) {
    if (!current.has(key)) tell(orders, { kind: 'dispatch_resumed', reason, agentKind });
  }
  state.toldPauses = current;
}

/** A due retry of an agent that is over its limit does not wait for a slot, but for the time. */
export function isForQuota(pause: PauseEntry): pause is PauseEntry & { readonly untilMs: number } {
  return pause.reason === 'quota' && pause.untilMs !== null;
}
