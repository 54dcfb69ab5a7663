// Where to click, for each thing that would change a verdict: a control of ours, a page of ours, or the tracker's
// page. Pure. Only what is possible now is offered.

import { isControl, type Control } from '../control/wording.ts';

export type NextStep =
  | { readonly kind: 'control'; readonly control: Control; readonly isOfIssue: boolean }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'tracker'; readonly href: string; readonly text: string };

const healthEnds = new Set(['workflow_change', 'raised_limit', 'preflight_passes', 'restart']);
const nowEnds = new Set(['slot_free', 'review_done', 'next_tick', 'retry_due']);
const trackerEnds = new Set([
  'issue_change',
  'state_change',
  'label_added',
  'blocker_closed',
  'filter_match',
  'review_done',
]);

/** @param trackerUrl "" = it has no page that may be linked. */
export function nextSteps(
  endsOn: readonly string[],
  controls: readonly string[],
  trackerUrl: string,
): readonly NextStep[] {
  const steps: NextStep[] = controls
    .filter(isControl)
    // Those lead away from a run; they stand in the page's head.
    .filter((control) => control !== 'hold' && control !== 'cancel')
    .map((control) => ({ kind: 'control', control, isOfIssue: true }) as const);
  if (endsOn.includes('resume')) steps.push({ kind: 'control', control: 'resume', isOfIssue: false });
  if (trackerUrl !== '' && endsOn.some((end) => trackerEnds.has(end))) {
    steps.push({ kind: 'tracker', href: trackerUrl, text: 'Change it in the tracker' });
  }
  if (endsOn.some((end) => nowEnds.has(end)))
    steps.push({ kind: 'link', href: '/', text: 'See what runs now' });
  if (endsOn.some((end) => healthEnds.has(end))) {
    steps.push({ kind: 'link', href: '/health', text: 'See the settings in force' });
  }
  return steps;
}

/** What may be an address of a link: a tracker's text could be any scheme. "" = it may not. */
export function safeHref(url: string | null | undefined): string {
  if (url === null || url === undefined || !/^https?:\/\//i.test(url)) return '';
  try {
    const { protocol, href } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' ? href : '';
  } catch {
    return '';
  }
}
