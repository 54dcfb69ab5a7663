// "Why not?": what an issue waits for, in one sentence for people, and what would change it. What we have a claim on is
// explained by where it stands, anything else by its own verdict, and what could run by whatever keeps every run back.
// Reads the state, asks nobody: what we do not know, the shell has asked the tracker for.

import type { Explanation, Issue, Verdict, VerdictEnd } from '../contract/index.ts';
import { judge } from './eligibility.ts';
import { explainClaim } from './explain-claim.ts';
import { explainGate, explainSlots, NOTHING_ELSE, type Reason } from './explain-gate.ts';
import type { CoreState, VerdictRecord } from './state.ts';
import { clauseOf } from './verdict-words.ts';

/** By identifier, case-insensitive; null = nobody has read it: ask the tracker, then `explainUnknown`. */
export function explainKnown(state: CoreState, identifier: string, nowMs: number): Explanation | null {
  const wanted = identifier.toLowerCase();
  for (const claim of state.claims.values()) {
    if (claim.identifier.toLowerCase() !== wanted) continue;
    const { issueId, identifier: issueIdentifier } = claim;
    return { issueId, issueIdentifier, ...explainClaim(state, claim, nowMs), asOfMs: nowMs };
  }
  for (const [issueId, seen] of state.verdicts) {
    if (seen.identifier.toLowerCase() !== wanted) continue;
    const subject = { issueId, issueIdentifier: seen.identifier };
    const own = explainOwn(state, seen.verdict, seen.detail);
    if (own !== null) return { ...subject, ...own, sinceMs: seen.sinceMs, asOfMs: seen.asOfMs };
    return { ...subject, ...explainEligible(state, seen, nowMs) };
  }
  return null;
}

/** @param asked what the tracker said of an issue that we know nothing of; `isCandidate` null = nobody can tell. */
export function explainUnknown(
  state: CoreState,
  asked: { identifier: string; issue: Issue | null; isCandidate: boolean | null },
  nowMs: number,
): Explanation {
  const { issue, isCandidate } = asked;
  const stamps = { sinceMs: null, asOfMs: nowMs };
  if (issue === null) {
    const reason = explainOwn(state, 'not_found', '') ?? NOTHING_ELSE;
    return { issueId: null, issueIdentifier: asked.identifier, ...reason, ...stamps };
  }
  const subject = { issueId: issue.id, issueIdentifier: issue.identifier };
  const { verdict, detail } = judge(issue, state.settings);
  const own = explainOwn(state, verdict, detail) ?? (isCandidate === false ? filteredOut(state) : null);
  if (own !== null) return { ...subject, ...own, ...stamps };
  const could = { verdict: 'eligible', detail: '', state: issue.state, sinceMs: nowMs } as const;
  const reason = explainGate(state, nowMs) ?? explainSlots(state, could) ?? NOTHING_ELSE;
  return { ...subject, sinceMs: null, ...reason, asOfMs: nowMs };
}

/** What is in the way is no affair of the issue's: it is what it is now, whatever was in the way when it was read. */
function explainEligible(
  state: CoreState,
  seen: VerdictRecord,
  nowMs: number,
): Omit<Explanation, 'issueId' | 'issueIdentifier'> {
  const issueState = seen.verdict === 'no_state_slot' ? seen.detail : null;
  const could = { ...seen, state: issueState };
  const reason = explainGate(state, nowMs) ?? explainSlots(state, could);
  const isSame = reason?.verdict === seen.verdict;
  const sinceMs = isSame || reason === null ? seen.sinceMs : null;
  return { sinceMs, ...(reason ?? NOTHING_ELSE), asOfMs: reason === null ? seen.asOfMs : nowMs };
}

const OWN_ENDS: Readonly<Partial<Record<Verdict, readonly VerdictEnd[]>>> = {
  missing_field: ['issue_change'],
  state_terminal: ['state_change', 'workflow_change'],
  state_not_active: ['state_change', 'workflow_change'],
  missing_label: ['label_added', 'workflow_change', 'operator'],
  blocked_by: ['blocker_closed', 'operator'],
};

/** null = as far as the issue goes, it may run. */
function explainOwn({ settings }: CoreState, verdict: Verdict, detail: string): Reason | null {
  const clause = clauseOf(settings, verdict, detail);
  if (clause === null) return null;
  const sentence = `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
  return { verdict, detail: sentence, endsOn: OWN_ENDS[verdict] ?? [] };
}

function filteredOut({ settings }: CoreState): Reason {
  const { queryFilter } = settings.tracker;
  const detail =
    queryFilter === ''
      ? 'The tracker does not list it among the candidates, though its state is active.'
      : `The tracker does not list it among the candidates: tracker.query_filter (${queryFilter}) leaves it out.`;
  return { verdict: 'filtered_out', detail, endsOn: ['filter_match', 'workflow_change'] };
}
