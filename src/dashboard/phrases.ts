// Codes in people's words. Pure. An unknown code is shown as it is, with spaces: a page that stayed open over
// an upgrade must still say something true.

import type { Tone } from './tone.ts';

const phrases: Readonly<Record<string, string>> = {
  checking: 'Checking',
  dispatch_transition: 'Claiming',
  dispatch_comment: 'Commenting',
  preparing_workspace: 'Preparing workspace',
  building_prompt: 'Building prompt',
  launching_agent: 'Launching agent',
  initializing_session: 'Starting session',
  streaming_turn: 'Working',
  finishing: 'Finishing',
  needs_human_review: 'Needs review',
  input_required: 'Needs input',
  handoff_failed: 'Handoff failed',
  workspace_refused: 'Workspace refused',
  agent_error: 'Agent error',
  max_sessions: 'Session limit',
  no_evidence: 'Nothing done',
  timed_out: 'Timed out',
  held: 'On hold',
};

/** A code in words: known ones by the list, others with spaces and a capital. */
export function words(code: string): string {
  const text = known(phrases, code) ?? code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A code may be any word, `constructor` too: nothing inherited is a phrase. */
function known<T>(list: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(list, code) ? list[code] : undefined;
}

interface VerdictWords {
  readonly label: string;
  readonly tone: Tone;
  /** One sentence that answers "why isn't it running?". */
  readonly sentence: string;
}

const verdicts: Readonly<Record<string, VerdictWords>> = {
  eligible: { label: 'Next in line', tone: 'good', sentence: 'It may start; the next tick starts it.' },
  checking: {
    label: 'Checking',
    tone: 'live',
    sentence: 'It is being looked at once more before it starts.',
  },
  running: { label: 'Running', tone: 'live', sentence: 'It is running.' },
  retry_queued: {
    label: 'Retry queued',
    tone: 'warn',
    sentence: 'It ran before and waits for its next try.',
  },
  parked: {
    label: 'Parked',
    tone: 'warn',
    sentence: 'It was set aside, because trying again would not help.',
  },
  held: { label: 'On hold', tone: 'warn', sentence: 'An operator holds it.' },
  missing_field: {
    label: 'Incomplete',
    tone: 'bad',
    sentence: 'The tracker’s record lacks a field that is needed.',
  },
  state_not_active: {
    label: 'Not active',
    tone: 'calm',
    sentence: 'Its state is not one of tracker.active_states.',
  },
  state_terminal: {
    label: 'Finished',
    tone: 'calm',
    sentence: 'Its state is one of tracker.terminal_states.',
  },
  missing_label: {
    label: 'Label missing',
    tone: 'calm',
    sentence: 'It lacks a label that tracker.required_labels asks for.',
  },
  blocked_by: { label: 'Blocked', tone: 'warn', sentence: 'Another issue has to be finished first.' },
  no_global_slot: {
    label: 'No free slot',
    tone: 'calm',
    sentence: 'All slots are in use; it takes the next free one.',
  },
  no_state_slot: {
    label: 'No slot for its state',
    tone: 'calm',
    sentence: 'As many issues of its state run as agent.max_concurrent_agents_by_state allows.',
  },
  paused: { label: 'Dispatch paused', tone: 'warn', sentence: 'An operator paused dispatch.' },
  draining: {
    label: 'Draining',
    tone: 'warn',
    sentence: 'An operator asked to finish what runs and to start nothing.',
  },
  handoff_limit: {
    label: 'Review is full',
    tone: 'warn',
    sentence: 'Enough issues wait for people’s review.',
  },
  budget_paused: { label: 'Budget used up', tone: 'warn', sentence: 'Today’s budget is used up.' },
  breaker_open: {
    label: 'Breaker open',
    tone: 'bad',
    sentence: 'Many issues failed in the same way, so starting is paused.',
  },
  not_found: { label: 'Not found', tone: 'bad', sentence: 'Neither Sortie nor the tracker knows it.' },
  filtered_out: { label: 'Not selected', tone: 'calm', sentence: 'The tracker’s filter does not select it.' },
};

export function verdictWords(code: string): VerdictWords {
  return known(verdicts, code) ?? { label: words(code), tone: 'calm', sentence: `${words(code)}.` };
}

const conditions: Readonly<Record<string, string>> = {
  issue_change: 'the issue changes',
  workflow_change: 'WORKFLOW.md changes',
  operator: 'an operator says so',
  restart: 'the daemon restarts',
  raised_limit: 'the limit is raised',
  until: 'its time has come',
  state_change: 'its state changes',
  label_added: 'the label is added',
  blocker_closed: 'what blocks it is finished',
  slot_free: 'a slot is free',
  retry_due: 'the retry is due',
  run_end: 'the run ends',
  resume: 'an operator resumes dispatch',
  unhold: 'an operator takes the hold off',
  review_done: 'people have reviewed some',
  filter_match: 'the filter selects it',
  next_tick: 'the next tick comes',
  preflight_passes: 'the preflight checks pass',
};

/**
 * What would change things, for `when …`: `the issue changes, WORKFLOW.md changes or a slot is free`; "" = nothing.
 * @param verbs what an operator could say.
 */
export function endings(codes: readonly string[], verbs: readonly string[] = []): string {
  const all = codes.map((code) => {
    const condition = known(conditions, code) ?? code.replaceAll('_', ' ');
    return code === 'operator' && verbs.length > 0 ? `${condition} (${verbs.join(', ')})` : condition;
  });
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}
