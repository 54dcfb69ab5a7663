// What a person is told whose decision is not taken. The words of a second decision are these and no others, wherever
// they are shown.

import type { DecisionAnswer } from '../../contract/agent-tools.ts';
import type { Approval } from '../../contract/approval.ts';

export type Refusal = Extract<DecisionAnswer, { readonly kind: 'refused' }>;

export function refusal(code: Refusal['code'], message: string, approval: Approval | null = null): Refusal {
  return { kind: 'refused', code, message, approval };
}

/** @param approval as it stands; null = it is gone. */
export function alreadyDecided(approval: Approval | null): Refusal {
  if (approval === null) return refusal('approval_not_found', 'there is no such proposal');
  const { status, decidedBy, decidedAtMs } = approval;
  const when = decidedAtMs === null ? '' : ` at ${new Date(decidedAtMs).toISOString()}`;
  return refusal('already_decided', `it is ${status} already, by ${decidedBy}${when}`, approval);
}
