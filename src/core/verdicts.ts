// Why each issue runs or does not, as last looked at: by a candidate read, or by the check just before a start.

import type { Issue, Verdict } from '../contract/index.ts';
import type { Orders } from './orders.ts';
import type { Claim, VerdictRecord } from './state.ts';

/** Issues that are no candidates any more are forgotten after a complete read, which a full house may never make. */
const REMEMBERED = 50_000;

/** Notes the issue's own verdict; while it is claimed, the claim's stage is what people are shown. */
export function record(orders: Orders, issue: Issue, verdict: Verdict, detail: string): void {
  const { verdicts } = orders.state;
  const { atMs } = orders.now;
  const before = verdicts.get(issue.id);
  const same = before?.verdict === verdict && before.detail === detail;
  const entry: VerdictRecord = {
    identifier: issue.identifier,
    title: issue.title,
    verdict,
    detail,
    sinceMs: same ? before.sinceMs : atMs,
    asOfMs: atMs,
  };
  // Re-inserting keeps the map in order of the last look, so that the first key is the one to forget.
  verdicts.delete(issue.id);
  verdicts.set(issue.id, entry);
  if (verdicts.size > REMEMBERED) {
    const oldest = verdicts.keys().next();
    if (!oldest.done) verdicts.delete(oldest.value);
  }
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
      return 'parked';
  }
}
