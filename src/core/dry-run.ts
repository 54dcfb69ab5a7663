// What one tick would make of these candidates with nothing running: the same rules and order as a real one,
// for `--dry-run`. Changes nothing.

import type { CoreSettings, Issue, Verdict } from '../contract/index.ts';
import { inDispatchOrder } from './dispatch-order.ts';
import { judge } from './eligibility.ts';
import { countSlots, refusalOf, take } from './slots.ts';
import { createState } from './create-state.ts';

export interface DryVerdict {
  readonly issue: Issue;
  readonly verdict: Verdict;
  readonly detail: string;
}

/** In dispatch order. */
export function judgeCandidates(issues: readonly Issue[], settings: CoreSettings): DryVerdict[] {
  const slots = countSlots(createState(settings));
  return inDispatchOrder(issues).map((issue) => {
    const { verdict, detail } = judge(issue, settings);
    if (verdict !== 'eligible') return { issue, verdict, detail };
    const refusal = refusalOf(slots, issue.state);
    if (refusal !== null) return { issue, verdict: refusal, detail: '' };
    take(slots, issue.state);
    return { issue, verdict, detail };
  });
}
