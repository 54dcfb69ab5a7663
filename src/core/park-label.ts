// What people see of a park in the tracker itself: a label on the issue, and the reason on the living comment. Both
// are writes of ours, so the park's baseline is read only after they were answered.

import { commentOnPark } from './comments.ts';
import { normalise } from './eligibility.ts';
import { orderAfterSave, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';

/** `run`: the one whose end led to the park, if any. */
export function showPark(orders: Orders, claim: Claim, reason: string, run: Run | null): void {
  commentOnPark(orders, claim, reason, run);
  label(orders, claim, 'add');
}

/** The park has ended. A label that a person has taken off is left alone. */
export function unshowPark(orders: Orders, claim: Claim): void {
  label(orders, claim, 'remove');
}

function label(orders: Orders, claim: Claim, what: 'add' | 'remove'): void {
  const { parkLabel } = orders.state.settings.tracker;
  const { issue, issueId: id, identifier } = claim;
  if (parkLabel === '' || orders.state.mode !== 'running') return;
  if (issue !== null) {
    const others = issue.labels.filter((one) => normalise(one) !== parkLabel);
    const labelled = others.length < issue.labels.length;
    if (labelled === (what === 'add')) return;
    claim.issue = { ...issue, labels: what === 'add' ? [...others, parkLabel] : others };
  }
  orderAfterSave(
    orders,
    {
      kind: 'label_issue',
      issue: { id, identifier },
      add: what === 'add' ? [parkLabel] : [],
      remove: what === 'remove' ? [parkLabel] : [],
    },
    { kind: 'comment', issueId: id },
  );
}
