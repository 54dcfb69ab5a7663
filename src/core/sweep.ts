// Every 60th tick and at start: workspaces on disk whose issues are terminal are removed, and parked issues are
// compared with their baselines. States are asked by identifier, so that only these issues are queried.

import { clean, newClaim, release } from './claims.ts';
import { isActive, isTerminal } from './eligibility.ts';
import { order, tellOf, type Orders } from './orders.ts';
import { lookAtParked } from './parking.ts';
import type { Claim } from './state.ts';
import type { Issue, StoredIssue } from '../contract/index.ts';

export const SWEEP_EVERY_TICKS = 60;

export function sweep(orders: Orders): void {
  const { state } = orders;
  const asked = new Map<string, string>();
  for (const known of state.memory.values()) {
    const claim = state.claims.get(known.issueId);
    if (known.workspacePath !== null && claim === undefined) asked.set(known.identifier, known.issueId);
  }
  for (const claim of state.claims.values()) {
    // A held issue stays as it is, its workspace too, until an operator lets go of it.
    if (claim.stage.kind === 'parked' && claim.stage.park.reason !== 'held')
      asked.set(claim.identifier, claim.issueId);
  }
  if (asked.size === 0) return;
  order(
    orders,
    { kind: 'fetch_states_by_identifier', identifiers: [...asked.keys()] },
    { kind: 'sweep_states', asked },
  );
}

export function onSweepStates(
  orders: Orders,
  asked: ReadonlyMap<string, string>,
  states: Readonly<Record<string, string>>,
): void {
  const { state } = orders;
  for (const [identifier, issueId] of asked) {
    const issueState = Object.hasOwn(states, identifier) ? states[identifier] : undefined;
    const claim = state.claims.get(issueId);
    // Absent is not terminal: a sudden empty answer never cleans anything. A park is looked at by id.
    if (issueState === undefined) {
      if (claim !== undefined) lookAtParked(orders, claim);
    } else if (claim !== undefined) sweepParked(orders, claim, issueState);
    else if (isTerminal(issueState, state.settings)) sweepUnclaimed(orders, issueId, issueState);
  }
}

function sweepParked(orders: Orders, claim: Claim, issueState: string): void {
  if (claim.stage.kind !== 'parked' || claim.stage.park.reason === 'held') return;
  const { settings } = orders.state;
  if (isTerminal(issueState, settings)) clean(orders, claim, null);
  else if (!isActive(issueState, settings)) release(orders, claim, 'not active');
  else lookAtParked(orders, claim);
}

function sweepUnclaimed(orders: Orders, issueId: string, issueState: string): void {
  const known = orders.state.memory.get(issueId);
  if (known === undefined || known.workspacePath === null) return;
  const claim = newClaim(placeholder(known, issueState));
  orders.state.claims.set(issueId, claim);
  tellOf(orders, claim, { kind: 'reconciled', action: 'cleanup' });
  clean(orders, claim, null);
}

/** Enough of an issue to hold its claim while the workspace goes. */
function placeholder(known: StoredIssue, state: string): Issue {
  return {
    id: known.issueId,
    identifier: known.identifier,
    title: known.identifier,
    description: '',
    priority: null,
    state,
    branchName: '',
    url: '',
    assignee: '',
    issueType: '',
    labels: [],
    parent: null,
    comments: null,
    blockedBy: [],
    createdAt: '',
    updatedAt: '',
  };
}
