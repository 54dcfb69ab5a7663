// "Why not?": what an issue waits for, in one sentence for people, and what would change it. What we have a claim on is
// explained by where it stands, anything else by its own verdict, and what could run by whatever keeps every run back.
// Reads the state, asks nobody: what we do not know, the shell has asked the tracker for. Offers no word that would be
// refused.

import type { Explanation, Issue, IssueControl, Verdict, VerdictEnd } from '../contract/index.ts';
import { controlsOf } from './control-rules.ts';
import { judge } from './eligibility.ts';
import { explainClaim } from './explain-claim.ts';
import { explainGate, explainSlots, NOTHING_ELSE, type Reason } from './explain-gate.ts';
import { sentence } from './sentence.ts';
import { recordSinceMs } from './since.ts';
import type { CoreState, VerdictRecord } from './state.ts';
import { clauseOf } from './verdict-words.ts';

/** By identifier, case-insensitive; null = nobody has read it: ask the tracker, then `explainUnknown`. */
export function explainKnown(state: CoreState, identifier: string, nowMs: number): Explanation | null {
  const wanted = identifier.toLowerCase();
  for (const claim of state.claims.values()) {
    if (claim.identifier.toLowerCase() !== wanted) continue;
    const { issueId, identifier: issueIdentifier } = claim;
    const said = { issueId, issueIdentifier, ...explainClaim(state, claim, nowMs), asOfMs: nowMs };
    return offer(said, controlsOf(state, { identifier: issueIdentifier, claim, judged: null }));
  }
  for (const [issueId, seen] of state.verdicts) {
    if (seen.identifier.toLowerCase() !== wanted) continue;
    const subject = { issueId, issueIdentifier: seen.identifier };
    const own = explainOwn(state, seen.verdict, seen.detail);
    const said =
      own === null
        ? { ...subject, ...explainEligible(state, seen, nowMs) }
        : { ...subject, ...own, sinceMs: seen.sinceMs, asOfMs: seen.asOfMs };
    // Whoever says a word of an issue that nobody has is told that it is not found.
    if (seen.verdict === 'not_found') return offer(said, []);
    return offer(said, controlsOf(state, { identifier: seen.identifier, claim: null, judged: seen }));
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
    return offer({ issueId: null, issueIdentifier: asked.identifier, ...reason, ...stamps }, []);
  }
  const subject = { issueId: issue.id, issueIdentifier: issue.identifier };
  const judged = judge(issue, state.settings);
  const { verdict, detail } = judged;
  const possible = controlsOf(state, { identifier: issue.identifier, claim: null, judged });
  // What no candidate read would bring is not ours to start.
  const controls = possible.filter((control) => isCandidate !== false || control !== 'dispatch');
  const own = explainOwn(state, verdict, detail) ?? (isCandidate === false ? filteredOut(state) : null);
  if (own !== null) return offer({ ...subject, ...own, ...stamps }, controls);
  const reason = explainGate(state, nowMs) ?? explainSlots(state, issue) ?? NOTHING_ELSE;
  return offer({ ...subject, sinceMs: null, ...reason, asOfMs: nowMs }, controls);
}

/** A hold alone changes nothing for whoever asks why it does not run. */
function offer(said: Omit<Explanation, 'controls'>, controls: readonly IssueControl[]): Explanation {
  const helps = controls.some((control) => control !== 'hold');
  return { ...said, endsOn: said.endsOn.filter((end) => end !== 'operator' || helps), controls };
}

/** What is in the way is no affair of the issue's: it is what it is now, whatever was in the way when it was read. */
function explainEligible(
  state: CoreState,
  seen: VerdictRecord,
  nowMs: number,
): Omit<Explanation, 'issueId' | 'issueIdentifier' | 'controls'> {
  const gate = explainGate(state, nowMs);
  if (gate !== null) return { ...gate, asOfMs: nowMs };
  const issueState = seen.verdict === 'no_state_slot' ? seen.detail : null;
  const slots = explainSlots(state, { state: issueState });
  const reason = slots ?? NOTHING_ELSE;
  // What was found by the last look was true until then: what is true instead has begun since.
  const sinceMs =
    reason.verdict === seen.verdict ? recordSinceMs(state, seen) : Math.max(seen.asOfMs, slots?.sinceMs ?? 0);
  return { ...reason, sinceMs, asOfMs: slots === null ? seen.asOfMs : nowMs };
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
  const whole = sentence(`${clause.charAt(0).toUpperCase()}${clause.slice(1)}`);
  return { verdict, detail: whole, endsOn: OWN_ENDS[verdict] ?? [] };
}

function filteredOut({ settings }: CoreState): Reason {
  const { queryFilter } = settings.tracker;
  const detail =
    queryFilter === ''
      ? 'The tracker does not list it among the candidates, though its state is active.'
      : `The tracker does not list it among the candidates: tracker.query_filter (${queryFilter}) leaves it out.`;
  return { verdict: 'filtered_out', detail, endsOn: ['filter_match', 'workflow_change'] };
}
