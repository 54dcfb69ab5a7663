// What each kind of timeline entry is called, how it is filed under the filter's few words, and whether it is good or
// bad news. A kind that came with a newer daemon is shown in its own words, under "other".

import { actionLabel } from '../approvals/fields.ts';
import { verdictWords, words } from '../phrases.ts';
import { isSuccess, isUnjudged } from '../run-status.ts';
import type { Tone } from '../tone.ts';
import type { TimelineEntry } from '../wire.ts';

export const FILTERS = [
  'runs',
  'phases',
  'turns',
  'tools',
  'decisions',
  'tracker',
  'people',
  'other',
] as const;
export type TimelineFilter = (typeof FILTERS)[number];

export const filterLabels: Readonly<Record<TimelineFilter, string>> = {
  runs: 'Runs',
  phases: 'Phases',
  turns: 'Turns',
  tools: 'Tools',
  decisions: 'Verdicts and parks',
  tracker: 'Tracker',
  people: 'People',
  other: 'Warnings and other',
};

interface KindWords {
  readonly filter: TimelineFilter;
  readonly label: string;
  /** `name` is a code that has words of its own. */
  readonly isCode?: boolean;
}

const kinds: Readonly<Record<string, KindWords>> = {
  verdict: { filter: 'decisions', label: 'Verdict', isCode: true },
  dispatched: { filter: 'runs', label: 'Dispatched' },
  dispatch_refused: { filter: 'decisions', label: 'Not started', isCode: true },
  phase: { filter: 'phases', label: 'Phase', isCode: true },
  turn: { filter: 'turns', label: 'Turn' },
  tool: { filter: 'tools', label: 'Tool' },
  warning: { filter: 'other', label: 'Warning' },
  run_stopping: { filter: 'runs', label: 'Stopping', isCode: true },
  run_finished: { filter: 'runs', label: 'Run ended', isCode: true },
  retry_queued: { filter: 'decisions', label: 'Retry queued', isCode: true },
  handed_off: { filter: 'tracker', label: 'Handed off to' },
  handoff_failed: { filter: 'tracker', label: 'Handoff failed' },
  parked: { filter: 'decisions', label: 'Parked', isCode: true },
  park_ended: { filter: 'decisions', label: 'Park ended', isCode: true },
  released: { filter: 'decisions', label: 'Released' },
  workspace_removed: { filter: 'other', label: 'Workspace removed' },
  approval: { filter: 'people', label: 'Proposal' },
  agent_message: { filter: 'people', label: 'Message to people' },
  tracker_write: { filter: 'tracker', label: 'Written' },
  operator: { filter: 'people', label: 'Operator', isCode: true },
};

/** A kind may be any word: nothing inherited is one. */
function known(kind: string): KindWords | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

export function filterOf(kind: string): TimelineFilter {
  return known(kind)?.filter ?? 'other';
}

export function kindLabel(kind: string): string {
  return known(kind)?.label ?? words(kind);
}

/** The entry's `name` for people; "" when it has none. */
export function nameLabel({ kind, name }: Pick<TimelineEntry, 'kind' | 'name'>): string {
  if (kind === 'verdict' || kind === 'dispatch_refused') return verdictWords(name).label;
  if (kind === 'approval' || kind === 'tracker_write') return actionLabel(name);
  return known(kind)?.isCode === true ? words(name) : name;
}

/** The colour beside the words; the words say it all. */
export function toneOf({ kind, name, ok }: Pick<TimelineEntry, 'kind' | 'name' | 'ok'>): Tone {
  if (kind === 'run_finished') return endingTone(name);
  // One that waits needs a person; one that was turned down is no failure, and its words say it.
  if (kind === 'approval') return ok === null ? 'warn' : ok ? 'good' : 'calm';
  if (ok === false) return 'bad';
  if (kind === 'tracker_write' || kind === 'agent_message') return kind === 'tracker_write' ? 'good' : 'live';
  if (kind === 'handoff_failed') return 'bad';
  if (kind === 'handed_off') return 'good';
  if (kind === 'parked' || kind === 'warning' || kind === 'retry_queued') return 'warn';
  if (kind === 'dispatched') return 'live';
  return 'calm';
}

/** Whether `ok: false` means that something went wrong, rather than that it ended in another way. */
export function isFailure({ kind, ok }: Pick<TimelineEntry, 'kind' | 'ok'>): boolean {
  return ok === false && kind !== 'run_finished' && kind !== 'approval';
}

/** Of a run's status; null = it still runs. */
export function endingTone(status: string | null): Tone {
  if (status === null) return 'live';
  if (isSuccess(status)) return 'good';
  if (isUnjudged(status)) return 'calm';
  return status === 'blocked' ? 'warn' : 'bad';
}
