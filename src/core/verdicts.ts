// Why each issue runs or does not, as last looked at: by a candidate read, or by the check just before a start. While
// an issue is claimed, its claim's stage is what people are shown. Nobody else changes what is remembered here.

import type { Issue, Verdict } from '../contract/index.ts';
import { tell, type Orders } from './orders.ts';
import type { Claim, CoreState, VerdictRecord } from './state.ts';

/** Issues that are no candidates any more are forgotten after a complete read, which a full house may never make. */
const REMEMBERED = 50_000;
/** Tens of thousands are remembered. A longer one is left out: half an address leads elsewhere. */
const LONGEST_URL = 2_000;
/** A backlog of thousands that is paused is one fact, not thousands: no more than people can be shown. */
const MOST_TOLD = 200;

/** Verdicts of issues that wait for something; the others have left, or were never there. */
const GONE: ReadonlySet<Verdict> = new Set<Verdict>(['state_terminal', 'state_not_active', 'not_found']);

/** What is said of one issue and not of the daemon: here the detail matters, too. */
const OF_THE_ISSUE: ReadonlySet<Verdict> = new Set<Verdict>([
  'missing_field',
  'missing_label',
  'blocked_by',
  ...GONE,
]);

/** Notes the issue's own verdict, and tells it when it is another one than before. */
export function record(orders: Orders, issue: Issue, verdict: Verdict, detail: string): void {
  note(orders, issue, { verdict, detail, byId: false });
}

/** What the look by id just before the start found: it counts for more than a list that runs behind. */
export function recordChecked(orders: Orders, issue: Issue, verdict: Verdict, detail: string): void {
  note(orders, issue, { verdict, detail, byId: true });
}

/** An issue is selected: what its last check found stays until the next one. */
export function recordSelected(orders: Orders, issue: Issue): void {
  const known = orders.state.verdicts.get(issue.id);
  const isKept = known?.byId === true && OF_THE_ISSUE.has(known.verdict);
  if (!isKept) record(orders, issue, 'eligible', '');
}

function note(
  orders: Orders,
  issue: Issue,
  { verdict, detail, byId }: Pick<VerdictRecord, 'verdict' | 'detail' | 'byId'>,
): void {
  const { state, now } = orders;
  const before = state.verdicts.get(issue.id);
  const isSame = before?.verdict === verdict;
  const isNews = !isSame || (OF_THE_ISSUE.has(verdict) && before.detail !== detail);
  const entry: VerdictRecord = {
    identifier: issue.identifier,
    title: issue.title,
    state: issue.state,
    url: issue.url.length > LONGEST_URL ? '' : issue.url,
    verdict,
    detail,
    // Another blocker, or the same one in another state: it is blocked since the first.
    sinceMs: isSame ? before.sinceMs : now.atMs,
    asOfMs: now.atMs,
    byId,
  };
  // Re-inserting keeps the maps in order of the last look, so that the first key is the one to forget.
  forgetVerdict(state, issue.id);
  state.verdicts.set(issue.id, entry);
  state.latestVerdicts.set(issue.id, entry);
  if (waits(entry)) state.waitingVerdicts += 1;
  if (state.verdicts.size > REMEMBERED) {
    const oldest = state.verdicts.keys().next();
    if (!oldest.done) forgetVerdict(state, oldest.value);
  }
  if (isNews) tellVerdict(orders, issue.id, entry);
}

/** Candidates are read from the start again. */
export function beginLook(state: CoreState): void {
  state.latestVerdicts.clear();
}

export function forgetVerdict(state: CoreState, issueId: string): void {
  const known = state.verdicts.get(issueId);
  if (known === undefined) return;
  if (waits(known)) state.waitingVerdicts -= 1;
  state.verdicts.delete(issueId);
  state.latestVerdicts.delete(issueId);
}

/** An operator lets go of it, and nothing has run: what stands in the issue itself stood there all the time. */
export function forgetWait(state: CoreState, issueId: string): void {
  const known = state.verdicts.get(issueId);
  if (known !== undefined && !OF_THE_ISSUE.has(known.verdict)) forgetVerdict(state, issueId);
}

/** A complete read did not hold them. */
export function forgetUnseen(state: CoreState, seen: ReadonlySet<string>): void {
  for (const issueId of state.verdicts.keys()) if (!seen.has(issueId)) forgetVerdict(state, issueId);
}

/** Whether an issue with this verdict of its own waits for something. */
export function waits({ verdict }: Pick<VerdictRecord, 'verdict'>): boolean {
  return !GONE.has(verdict);
}

function tellVerdict(orders: Orders, issueId: string, { identifier, verdict, detail }: VerdictRecord): void {
  if (orders.state.claims.has(issueId) || orders.verdictsTold >= MOST_TOLD) return;
  orders.verdictsTold += 1;
  const nobody = { runId: null, sessionId: null, attempt: 0 };
  tell(orders, {
    kind: 'verdict_changed',
    ...{ issueId, issueIdentifier: identifier, verdict, detail },
    ...nobody,
  });
}

export function verdictOfStage(claim: Claim): Verdict {
  switch (claim.stage.kind) {
    case 'checking':
      return 'checking';
    case 'running':
    case 'handing_off':
    case 'cleaning':
      return 'running';
    case 'retry_queued':
      return 'retry_queued';
    case 'parked':
      return claim.stage.park.reason === 'held' ? 'held' : 'parked';
  }
}

/** Since when it has this verdict: what is handed off or cleaned up has been `running` since its run began. */
export function stageSinceMs({ stage }: Claim): number {
  if (stage.kind === 'parked') return stage.park.parkedAtMs;
  if (stage.kind === 'running') return stage.run.startedAtMs;
  return ('run' in stage ? stage.run?.startedAtMs : undefined) ?? stage.sinceMs;
}
