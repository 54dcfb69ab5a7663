// What would change a verdict, in words; of an operator's, those that the core takes now. The codes are in `--json`.

import type { VerdictEnd } from '../contract/controls.ts';

const WORDS: Readonly<Record<Exclude<VerdictEnd, 'operator'>, string>> = {
  issue_change: 'a change of the issue',
  workflow_change: 'a change of WORKFLOW.md',
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

/**
 * A code that this version does not know stays as it is.
 * @param controls what an operator may say now.
 */
export function endWords(code: string, controls: readonly string[]): string {
  if (code === 'operator') return operatorWords(controls);
  return (WORDS as Readonly<Record<string, string | undefined>>)[code] ?? code;
}

/** `an operator (sortie dispatch or hold)` */
function operatorWords(controls: readonly string[]): string {
  if (controls.length === 0) return 'an operator';
  const last = controls.at(-1) ?? '';
  const rest = controls.slice(0, -1).join(', ');
  return `an operator (sortie ${rest === '' ? last : `${rest} or ${last}`})`;
}
