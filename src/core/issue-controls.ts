// Operators' words about one issue, as they are carried out. What makes sense is decided by control-rules.ts; who is
// answered what, by operator-words.ts. Nothing is started here: what is to run becomes a retry that is due now.

import type { Issue, IssueControl, IssueRef, StoredRetry } from '../contract/index.ts';
import { renewUsedUp } from './allowance.ts';
import { newClaim, queueRetry, releaseByWord } from './claims.ts';
import { refusalOf, subjectOf, type Subject } from './control-rules.ts';
import { judge } from './eligibility.ts';
import { owesHandoff } from './handoff.ts';
import { holdClaim, holdRun } from './hold.ts';
import { accept, describeWord, refuse, type Request } from './operator-words.ts';
import type { Orders } from './orders.ts';
import { endPark } from './parking.ts';
import { startWaitingRetries } from './retries.ts';
import type { Claim } from './state.ts';

interface IssueCommand {
  readonly control: IssueControl;
  readonly issue: IssueRef;
  readonly found: Issue | null;
  readonly isCandidate?: boolean | undefined;
}

export function applyToIssue(orders: Orders, request: Request, command: IssueCommand): void {
  const { control, issue, found } = command;
  const known = subjectOf(orders.state, issue);
  const isFound = known.claim === null && found !== null;
  const subject: Subject = isFound
    ? { ...known, identifier: found.identifier, judged: judge(found, orders.state.settings) }
    : known;
  const refusal = refusalOf(orders.state, subject, control);
  if (refusal !== null) {
    refuse(orders, request.controlId, refusal);
    return;
  }
  if (isFound && control === 'dispatch' && command.isCandidate === false) {
    refuse(orders, request.controlId, { code: 'invalid_state', message: notOurs(subject) });
    return;
  }
  const claim = subject.claim ?? (found === null ? null : takeClaim(orders, found));
  if (claim === null) {
    // Whoever asked saw a claim that has been let go since.
    const message = `${subject.identifier} has just been let go: try again`;
    refuse(orders, request.controlId, { code: 'invalid_state', message });
    return;
  }
  const message = apply(orders, claim, control, describeWord(request.word));
  const { issueId: id, identifier } = claim;
  accept(orders, request, control, { issue: { id, identifier }, message });
  startWaitingRetries(orders);
}

/** A tracker finds any issue by its identifier: what no candidate read would bring is not ours to start. */
function notOurs({ identifier }: Subject): string {
  return `${identifier} is left out by tracker.project or tracker.query_filter, which an operator does not overrule`;
}

/** Every move but those of running and checked issues leaves a claim that is stored, or none. */
function apply(orders: Orders, claim: Claim, control: IssueControl, who: string): string {
  const { identifier } = claim;
  switch (control) {
    case 'dispatch':
      renewUsedUp(orders, claim);
      makeDue(orders, claim, 'ordered');
      return `${identifier} takes the next free slot`;
    case 'retry':
      renewUsedUp(orders, claim);
      makeDue(orders, claim, 'agent');
      return `${identifier} is due now`;
    case 'release':
      releaseByWord(orders, claim, `released ${who}`);
      return `${identifier} is let go: the next tick judges it anew`;
    case 'unhold':
      releaseByWord(orders, claim, `no longer held ${who}`);
      return `${identifier} is no longer held: the next tick judges it anew`;
    case 'hold':
      holdClaim(orders, claim, `held ${who}`);
      return `${identifier} is held until unhold`;
    case 'cancel':
      if (claim.stage.kind === 'running') {
        holdRun(orders, claim, claim.stage.run, `cancelled ${who}`);
        return `${identifier} is told to stop, and is held until unhold`;
      }
      dropCheck(orders, claim);
      holdClaim(orders, claim, `cancelled ${who}`);
      return `${identifier} is not started, and is held until unhold`;
  }
}

/** What is owed stays owed: a handoff that is tried again starts no agent. */
function makeDue(orders: Orders, claim: Claim, step: 'agent' | 'ordered'): void {
  const { stage } = claim;
  if (stage.kind === 'parked') endPark(orders, claim, 'operator', step);
  else if (stage.kind === 'retry_queued') queueRetry(orders, claim, dueNow(stage.retry, step));
  else queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error: '', step });
}

function dueNow(retry: StoredRetry, step: 'agent' | 'ordered') {
  const keepsStep = owesHandoff(retry) || retry.step === 'ordered';
  return {
    ...retry,
    trigger: 'timer',
    delayMs: 0,
    lookFailures: 0,
    step: keepsStep ? retry.step : step,
  } as const;
}

function takeClaim(orders: Orders, found: Issue): Claim {
  const claim = newClaim(found);
  orders.state.claims.set(found.id, claim);
  return claim;
}

/** Its answer starts nobody. */
function dropCheck({ state }: Orders, { issueId }: Claim): void {
  for (const [effectId, pending] of state.pending) {
    if (pending.kind === 'check' && pending.issueId === issueId) state.pending.delete(effectId);
  }
}
