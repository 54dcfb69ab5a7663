// What each operator's word does, in one line before it is sent; the page asks the same in its own words.

import type { ControlName } from '../contract/controls.ts';

const QUESTIONS: Readonly<Record<ControlName, (issue: string) => string>> = {
  pause: () => 'No more runs are started until `sortie resume`; what runs goes on to its end. Pause?',
  resume: () => 'Runs are started again, beginning with a tick now. Resume?',
  drain: () => 'No more runs are started until `sortie resume`; what runs goes on to its end. Drain?',
  dispatch: (issue) =>
    `${issue} is run before everything else that waits; blockers, labels and the review limit are overruled. Dispatch?`,
  cancel: (issue) =>
    `The agent of ${issue} is stopped now, and the issue is held until \`sortie unhold\`. Cancel?`,
  retry: (issue) => `${issue} is due now, with a fresh allowance of sessions and budget. Retry?`,
  release: (issue) =>
    `What is queued or parked of ${issue} is forgotten; the next tick judges it anew. Release?`,
  hold: (issue) => `${issue} is not started until \`sortie unhold\`. Hold?`,
  unhold: (issue) => `${issue} is no longer held; the next tick may start it. Unhold?`,
};

/** @param issue its identifier; "" = the daemon as a whole. */
export function questionOf(control: ControlName, issue: string): string {
  return QUESTIONS[control](issue);
}
