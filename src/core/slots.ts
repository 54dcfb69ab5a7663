// How many more runs may start: a global limit and one per state. A claim holds a slot from its by-id check
// until its run, handoff and cleaning have ended.

import type { CoreSettings } from '../contract/index.ts';
import { normalise } from './eligibility.ts';
import type { Claim, CoreState, StageKind } from './state.ts';

const HOLDS_SLOT: Readonly<Record<StageKind, boolean>> = {
  checking: true,
  running: true,
  handing_off: true,
  cleaning: true,
  retry_queued: false,
  parked: false,
};

/** What a due retry says while it waits. */
export const NO_SLOT = 'no available orchestrator slots';

export interface Slots {
  readonly limit: number;
  used: number;
  readonly usedByState: Map<string, number>;
  readonly settings: CoreSettings;
}

export function countSlots(state: CoreState, except?: Claim): Slots {
  const slots: Slots = {
    limit: state.settings.agent.maxConcurrentAgents,
    used: 0,
    usedByState: new Map(),
    settings: state.settings,
  };
  for (const claim of state.claims.values()) {
    if (claim !== except && holdsSlot(claim)) take(slots, claim.issue?.state ?? '');
  }
  return slots;
}

export function holdsSlot(claim: Claim): boolean {
  // A sweep's cleaning has no run: it must not keep an agent waiting.
  if (claim.stage.kind === 'cleaning' && claim.stage.run === null) return false;
  return HOLDS_SLOT[claim.stage.kind];
}

/** Which limit stands in the way of an issue in this state; null = a slot is free. */
export function refusalOf(slots: Slots, issueState: string): 'no_global_slot' | 'no_state_slot' | null {
  if (slots.used >= slots.limit) return 'no_global_slot';
  const key = normalise(issueState);
  const byState = slots.settings.agent.maxConcurrentAgentsByState;
  const limit = Object.hasOwn(byState, key) ? byState[key] : undefined;
  if (limit !== undefined && (slots.usedByState.get(key) ?? 0) >= limit) return 'no_state_slot';
  return null;
}

export function take(slots: Slots, issueState: string): void {
  slots.used += 1;
  const key = normalise(issueState);
  slots.usedByState.set(key, (slots.usedByState.get(key) ?? 0) + 1);
}
