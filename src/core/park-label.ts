// What people see of a park in the tracker itself: a label on the issue, and the reason on the living comment. Both
// are writes of ours, so the park's baseline is read only after they were answered.

import type { StoredPark } from '../contract/index.ts';
import { commentOnPark } from './comments.ts';
import { normalise } from './eligibility.ts';
import { orderAfterSave, write, type Orders } from './orders.ts';
import type { Claim, Run } from './state.ts';

/** Why, in one line: `blocked: waits for the test account`. */
export function describePark({ reason, detail }: Pick<StoredPark, 'reason' | 'detail'>): string {
  return detail === '' ? reason : `${reason}: ${detail}`;
}

/** `run`: the one whose end led to the park, if any. */
export function showPark(orders: Orders, claim: Claim, park: StoredPark, run: Run | null): void {
  commentOnPark(orders, claim, describePark(park), run);
  if (claim.stage.kind !== 'parked' || isOff(orders) || isLabelled(orders, claim)) return;
  claim.stage.label = 'owed';
  orderLabel(orders, claim, 'add');
}

/**
 * The tracker did not take the label: once more, at a tick. What the issue looked like before is forgotten first, or a
 * crash just after the label was put on would leave a baseline without it.
 */
export function labelAgain(orders: Orders, claim: Claim): void {
  const { stage } = claim;
  if (isOff(orders) || stage.kind !== 'parked') return;
  if (stage.look !== null) orders.state.pending.delete(stage.look);
  stage.look = null;
  if (stage.park.baseline !== null) {
    stage.park = { ...stage.park, baseline: null };
    write(orders, { kind: 'put_park', park: stage.park });
  }
  orderLabel(orders, claim, 'add');
}

export function onLabelled(claim: Claim): void {
  if (claim.stage.kind === 'parked' && claim.stage.label === 'owed') claim.stage.label = 'on';
}

/** The end of an earlier park took its label off, perhaps only after this one's was put on: it is put on again. */
export function onUnlabelled(claim: Claim): void {
  if (claim.stage.kind === 'parked' && claim.stage.label === 'on') claim.stage.label = 'owed';
}

/** We know that the label was on, and now it is not: a person has ended the park. */
export function wasTakenOff(orders: Orders, claim: Claim): boolean {
  if (claim.stage.kind !== 'parked' || claim.stage.label !== 'on' || isOff(orders)) return false;
  return claim.issue !== null && !isLabelled(orders, claim);
}

/** The park has ended. A label that a person has taken off is left alone. */
export function unshowPark(orders: Orders, claim: Claim): void {
  if (!isOff(orders) && (claim.issue === null || isLabelled(orders, claim)))
    orderLabel(orders, claim, 'remove');
}

function isOff({ state }: Orders): boolean {
  return state.settings.tracker.parkLabel === '' || state.mode !== 'running';
}

function isLabelled({ state }: Orders, { issue }: Claim): boolean {
  const { parkLabel } = state.settings.tracker;
  return issue?.labels.some((one) => normalise(one) === parkLabel) ?? false;
}

function orderLabel(orders: Orders, claim: Claim, what: 'add' | 'remove'): void {
  const { parkLabel } = orders.state.settings.tracker;
  const { issue, issueId: id, identifier } = claim;
  if (issue !== null) {
    const others = issue.labels.filter((one) => normalise(one) !== parkLabel);
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
    { kind: 'comment', issueId: id, label: what },
  );
}
