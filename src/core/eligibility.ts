// Whether an issue may be dispatched, judged by the issue and the settings alone. Slots and claims are
// other questions (slots.ts, tick.ts). The first rule that is broken gives the verdict.

import type { CoreSettings, Issue, Verdict } from '../contract/index.ts';

export interface Judgement {
  readonly verdict: Extract<
    Verdict,
    'eligible' | 'missing_field' | 'state_terminal' | 'state_not_active' | 'missing_label' | 'blocked_by'
  >;
  readonly detail: string;
}

const REQUIRED_FIELDS = ['id', 'identifier', 'title', 'state'] as const;

export function judge(issue: Issue, settings: CoreSettings): Judgement {
  const missingField = REQUIRED_FIELDS.find((field) => issue[field].trim() === '');
  if (missingField !== undefined) return { verdict: 'missing_field', detail: missingField };
  if (isTerminal(issue.state, settings)) return { verdict: 'state_terminal', detail: issue.state };
  if (!isActive(issue.state, settings)) return { verdict: 'state_not_active', detail: issue.state };
  const missingLabel = missingLabelOf(issue, settings);
  if (missingLabel !== null) return { verdict: 'missing_label', detail: missingLabel };
  const blocker = issue.blockedBy.find((other) => !isTerminal(other.state, settings));
  if (blocker !== undefined) {
    const state = blocker.state === '' ? 'state unknown' : blocker.state;
    return { verdict: 'blocked_by', detail: `${blocker.identifier || blocker.id} (${state})` };
  }
  return { verdict: 'eligible', detail: '' };
}

export function isActive(state: string, settings: CoreSettings): boolean {
  return includes(settings.tracker.activeStates, state) && !isTerminal(state, settings);
}

export function isTerminal(state: string, settings: CoreSettings): boolean {
  return includes(settings.tracker.terminalStates, state);
}

export function sameState(a: string, b: string): boolean {
  return normalise(a) === normalise(b);
}

export function normalise(state: string): string {
  return state.trim().toLowerCase();
}

function includes(states: readonly string[], state: string): boolean {
  const wanted = normalise(state);
  return states.some((one) => normalise(one) === wanted);
}

function missingLabelOf(issue: Issue, settings: CoreSettings): string | null {
  const required = settings.tracker.requiredLabels;
  if (required.length === 0) return null;
  const present = new Set(issue.labels.map(normalise));
  return required.find((label) => !present.has(normalise(label))) ?? null;
}
