// What keeps every new run from being started: the day's budget, an agent that refuses to work, an agent over its
// usage limit. Runs that go on are left alone here. People are told once when a pause begins and once when it ends.

import type { PauseEntry, Verdict } from '../contract/index.ts';
import { dayLimitReached, describeLimit } from './budgets.ts';
import { dayAt, endOfDayMs } from './days.ts';
import { tell, type Orders } from './orders.ts';
import { quotaInForce } from './quota.ts';
import type { Claim, CoreState } from './state.ts';

/** Those that concern the settings in force, the one that counts first first. */
export function pausesOf(state: CoreState, atMs: number): PauseEntry[] {
  const agentKind = state.settings.agent.kind;
  const pauses: PauseEntry[] = [];
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
  return pauses;
}

/** null = runs may be started. */
export function pauseOf(state: CoreState, atMs: number): PauseEntry | null {
  return pausesOf(state, atMs)[0] ?? null;
}

/** What a candidate is told that could run otherwise. */
export function verdictOf(pause: PauseEntry): { verdict: Verdict; detail: string } {
  const until = pause.untilMs === null ? '' : ` until ${new Date(pause.untilMs).toISOString()}`;
  switch (pause.reason) {
    case 'budget':
      return { verdict: 'budget_paused', detail: `${pause.detail}${until === '' ? '' : `,${until}`}` };
    case 'agent_error':
      return { verdict: 'paused', detail: `agent ${pause.agentKind} refuses to work: ${pause.detail}` };
    case 'quota':
      return {
        verdict: 'paused',
        detail: `agent ${pause.agentKind} is over its limit${until}: ${pause.detail}`,
      };
  }
}

/** What a due retry says while it waits. Holds no figure that changes: each change would be a write. */
export function waitingFor(pause: PauseEntry): string {
  if (pause.reason === 'budget') return 'dispatch is paused: the budget of the day is used up';
  return `dispatch is paused: agent ${pause.agentKind} ${pause.reason === 'quota' ? 'is over its limit' : 'refuses to work'}`;
}

/** Issue `claim` is parked because its agent refuses to work; whoever meets that later only waits. */
export function refuseAgent({ state }: Orders, agentKind: string, claim: Claim, detail: string): void {
  state.refusals.set(agentKind, { detail, issueId: claim.issueId });
}

/** Its park has ended, however: perhaps the agent works again. */
export function trustAgentAgain({ state }: Orders, issueId: string): void {
  for (const [agentKind, refusal] of state.refusals) {
    if (refusal.issueId === issueId) state.refusals.delete(agentKind);
  }
}

/** After every step: what has begun or ended since people were last told. */
export function tellPauses(orders: Orders): void {
  const { state, now } = orders;
  if (state.mode !== 'running') return;
  const pauses = pausesOf(state, now.atMs);
  if (pauses.length === 0 && state.toldPauses.size === 0) return;
  const current = new Map(pauses.map((pause) => [`${pause.reason} ${pause.agentKind ?? ''}`, pause]));
  for (const [key, pause] of current) {
    if (!state.toldPauses.has(key)) tell(orders, { kind: 'dispatch_paused', ...pause });
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
