// An issue's own verdict in words: a clause for the middle of a sentence. What only keeps it waiting for its turn has no
// clause that stays true for long: explain.ts says that anew each time it is asked.

import type { CoreSettings, Verdict } from '../contract/index.ts';

/** As far as the issue goes; null = it may run, and what it waits for is no affair of its own. */
export function clauseOf(settings: CoreSettings, verdict: Verdict, detail: string): string | null {
  const { activeStates, requiredLabels } = settings.tracker;
  switch (verdict) {
    case 'missing_field':
      return `the tracker gives no ${detail} for it, and nothing is started without one`;
    case 'state_terminal':
      return `its state, ${detail}, is one of tracker.terminal_states`;
    case 'state_not_active':
      return `its state, ${detail}, is none of tracker.active_states (${activeStates.join(', ')})`;
    case 'missing_label':
      return `it lacks the label ${detail}; tracker.required_labels asks for ${requiredLabels.join(', ')}`;
    case 'blocked_by':
      return `it is blocked by ${detail}`;
    case 'not_found':
      return 'the tracker has no such issue, or does not show it to us';
    default:
      return null;
  }
}

/** What an issue waits for that could run otherwise, by the last look. */
export function waitOf(verdict: Verdict, detail: string): string {
  switch (verdict) {
    case 'no_global_slot':
      return 'it waits for a slot';
    case 'no_state_slot':
      return `it waits for a slot of its state, ${detail}`;
    case 'eligible':
      return 'it may run as soon as a tick comes to it';
    default:
      return detail === '' ? 'it waits for its turn' : `it waits: ${detail}`;
  }
}
