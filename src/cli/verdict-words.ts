// What would change a verdict, in words. The codes are in `--json`.

import type { VerdictEnd } from '../contract/controls.ts';

const WORDS: Readonly<Record<VerdictEnd, string>> = {
  issue_change: 'a change of the issue',
  workflow_change: 'a change of WORKFLOW.md',
  operator: 'an operator (sortie dispatch, retry, release or cancel)',
  restart: 'a restart of the daemon',
  raised_limit: 'a raised limit',
  until: 'time',
  state_change: 'another state in the tracker',
  label_added: 'the label',
  blocker_closed: 'the end of its blocker',
  slot_free: 'a free slot',
  retry_due: 'time, when the retry is due',
  run_end: 'the end of its run',
  resume: 'sortie resume',
  unhold: 'sortie unhold',
  review_done: 'somebody who reviews what waits for it',
  filter_match: 'the tracker’s list of candidates',
  next_tick: 'the next tick',
  preflight_passes: 'a preflight that passes',
};

/** A code that this version does not know stays as it is. */
export function endWords(code: string): string {
  return (WORDS as Readonly<Record<string, string | undefined>>)[code] ?? code;
}
