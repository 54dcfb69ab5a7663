// What an answer is for. An answer that nobody waits for any more is dropped by the caller: here is where that is
// found out, and nowhere else.

import type { EffectId } from '../contract/index.ts';
import type { Claim, CoreState, Pending } from './state.ts';

/** What an answer is for; null when nobody waits for it any more. */
export function answer(state: CoreState, effectId: EffectId): Pending | null {
  const pending = state.pending.get(effectId) ?? null;
  state.pending.delete(effectId);
  return pending;
}

export function expect(state: CoreState, effectId: EffectId, kind: Pending['kind']): Pending | null {
  const pending = answer(state, effectId);
  return pending?.kind === kind && state.mode === 'running' ? pending : null;
}

/** The look of an earlier park of the same issue says nothing about this one. */
export function looksWith(claim: Claim, effectId: EffectId): boolean {
  return claim.stage.kind === 'parked' && claim.stage.look === effectId;
}

export function claimOf(state: CoreState, pending: Pending | null): Claim | null {
  if (pending === null || !('issueId' in pending)) return null;
  return state.claims.get(pending.issueId) ?? null;
}
