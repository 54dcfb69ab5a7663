// What keeps every run back at once, or every run but those that have a slot, as one sentence and with what ends it. An
// issue that could run otherwise is explained by it.

import type { PauseEntry, PauseReason, Verdict, VerdictEnd } from '../contract/index.ts';
import { normalise } from './eligibility.ts';
import { minuteAfter, minuteOf } from './minutes.ts';
import { describeWord } from './operator-words.ts';
import { pauseOfNew, verdictOf } from './pauses.ts';
import { sentence } from './sentence.ts';
import { pauseSinceMs, slotsTakenSinceMs, troublesOf } from './since.ts';
import { countSlots, refusalOf } from './slots.ts';
import type { CoreState, Trouble } from './state.ts';

export interface Reason {
  readonly verdict: Verdict;
  readonly detail: string;
  readonly endsOn: readonly VerdictEnd[];
}

export interface TimedReason extends Reason {
  /** null = nobody knows. */
  readonly sinceMs: number | null;
}

export const NOTHING_ELSE: Reason = {
  verdict: 'eligible',
  detail: 'Nothing stands in its way: a next tick that comes to it takes it.',
  endsOn: ['next_tick', 'operator'],
};

const GATE_ENDS: Readonly<Record<PauseReason, readonly VerdictEnd[]>> = {
  paused: ['resume'],
  draining: ['resume'],
  budget: ['until', 'raised_limit'],
  // An operator's word about the issue that is parked for it, not about the one that waits: the sentence names it.
  agent_error: ['workflow_change', 'restart'],
  quota: ['until'],
  breaker: ['until', 'workflow_change', 'restart'],
  handoff_limit: ['review_done', 'raised_limit', 'operator'],
};

/** One run is let through to see whether it is over. */
const TRYING_ENDS: readonly VerdictEnd[] = ['run_end', 'workflow_change', 'restart'];

/** null = a run may be started of an issue that nobody has a hold on yet. */
export function explainGate(state: CoreState, nowMs: number): TimedReason | null {
  const pause = pauseOfNew(state, nowMs);
  if (pause !== null) return explainPause(state, pause);
  const trouble = troubleOf(state, nowMs);
  return trouble === null ? null : { verdict: 'eligible', ...trouble };
}

export function explainPause(state: CoreState, pause: PauseEntry): TimedReason {
  return {
    verdict: verdictOf(pause, state).verdict,
    detail: describePause(state, pause),
    endsOn: pause.reason === 'breaker' && pause.untilMs === null ? TRYING_ENDS : GATE_ENDS[pause.reason],
    sinceMs: pauseSinceMs(state, pause),
  };
}

function describePause(state: CoreState, pause: PauseEntry): string {
  const until = pause.untilMs === null ? '' : ` until ${minuteAfter(pause.untilMs)}`;
  switch (pause.reason) {
    case 'paused':
      return sentence(`Dispatch was paused at ${sinceOf(state)} ${describeWord(state.dispatch)}`);
    case 'draining':
      return `Dispatch is draining since ${sinceOf(state)} ${describeWord(state.dispatch)}: nothing is started.`;
    case 'budget':
      return sentence(`The day's budget is used up${until}: ${pause.detail}`);
    case 'agent_error':
      return `${sentence(`The agent ${pause.agentKind ?? ''} refuses to work: ${pause.detail}`)}${parkedFor(state, pause)}`;
    case 'quota':
      return `${sentence(`The agent ${pause.agentKind ?? ''} is over its usage limit${until}: ${pause.detail}`)}${parkedFor(state, pause)}`;
    case 'breaker':
      return sentence(`Dispatch waits${until}: ${pause.detail}`);
    case 'handoff_limit':
      return sentence(`People have enough to review: ${pause.detail}`);
  }
}

/** Whose end of a park lets everybody try again; "" = nobody is parked for it. */
function parkedFor({ claims, refusals }: CoreState, { reason, agentKind }: PauseEntry): string {
  const refused = refusals.get(agentKind ?? '')?.issueId;
  for (const { issueId, identifier, stage } of claims.values()) {
    if (stage.kind !== 'parked' || stage.park.reason !== reason) continue;
    if (reason === 'agent_error' && issueId !== refused) continue;
    return ` ${identifier} is parked for it: sortie retry ${identifier} lets all of them try again.`;
  }
  return '';
}

/** @param could an issue that may run; `state` null = we have not kept it. */
export function explainSlots(state: CoreState, could: { readonly state: string | null }): TimedReason | null {
  const slots = countSlots(state);
  const verdict = refusalOf(slots, could.state ?? '');
  if (verdict === null) return null;
  if (verdict === 'no_global_slot') {
    const detail = `It waits for a slot: ${slots.used} of ${slots.limit} are used (agent.max_concurrent_agents).`;
    return {
      verdict,
      detail,
      endsOn: ['slot_free', 'raised_limit'],
      sinceMs: slotsTakenSinceMs(state, null),
    };
  }
  const name = could.state ?? '';
  const limits = state.settings.agent.maxConcurrentAgentsByState;
  const limit = limits[normalise(name)] ?? 0;
  const used = slots.usedByState.get(normalise(name)) ?? 0;
  const detail = `It waits for a slot of its state: ${used} of ${limit} are used by ${name} (agent.max_concurrent_agents_by_state).`;
  return { verdict, detail, endsOn: ['slot_free', 'raised_limit'], sinceMs: slotsTakenSinceMs(state, name) };
}

/** No pause, and nothing is started all the same. */
export function troubleOf(state: CoreState, nowMs: number): Omit<TimedReason, 'verdict'> | null {
  const [trouble] = troublesOf(state, nowMs);
  if (trouble === undefined) return null;
  return { ...explainTrouble(state, trouble), sinceMs: state.troubleSince.get(trouble) ?? null };
}

function explainTrouble(state: CoreState, trouble: Trouble): Pick<Reason, 'detail' | 'endsOn'> {
  switch (trouble) {
    case 'store': {
      const detail = 'Nothing is started while the store cannot be written; the log says why.';
      return { detail, endsOn: ['next_tick'] };
    }
    case 'preflight': {
      const detail = sentence(
        `Nothing is started while the preflight fails: ${state.preflightProblems.join('; ')}`,
      );
      return { detail, endsOn: ['preflight_passes'] };
    }
    case 'tracker': {
      const until = minuteAfter(state.trackerNotBeforeMs);
      return { detail: `The tracker asked for no requests before ${until}.`, endsOn: ['until'] };
    }
  }
}

function sinceOf({ dispatch }: CoreState): string {
  return minuteOf(dispatch.sinceMs);
}
