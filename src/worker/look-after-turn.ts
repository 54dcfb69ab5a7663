// What the tracker says after a turn: may another turn be bought? An unknown state buys none. The tracker is
// asked three times before it counts as unknown.

import type { Issue } from '../contract/issue.ts';
import type { NormalEnd } from '../contract/run.ts';
import { TrackerError } from '../contract/tracker.ts';
import { sameState } from './announce-dispatch.ts';
import type { RunContext } from './run-context.ts';
import { messageOf } from './run-problem.ts';
import { pause } from './time-limit.ts';

/** Pauses before the second and the third try. */
const RETRY_DELAYS_MS = [1000, 3000] as const;

export type Look =
  | { readonly kind: 'go_on'; readonly issue: Issue }
  | { readonly kind: 'end'; readonly end: NormalEnd; readonly state: string | null };

export async function lookAfterTurn(run: RunContext, known: Issue): Promise<Look> {
  const answer = await askThrice(run, known);
  run.signal.throwIfAborted();
  if (answer === 'unknown') return { kind: 'end', end: 'state_unknown', state: null };
  if (answer === 'not_found') return { kind: 'end', end: 'not_active', state: null };
  await run.emit({ kind: 'state_observed', state: answer.state });
  const { activeStates, terminalStates } = run.spec.settings.tracker;
  const isIn = (states: readonly string[]): boolean => states.some((state) => sameState(state, answer.state));
  if (!isIn(activeStates) || isIn(terminalStates)) {
    return { kind: 'end', end: 'not_active', state: answer.state };
  }
  if (run.spec.labelsOverruled !== true && !hasRequiredLabels(run, answer))
    return { kind: 'end', end: 'label_missing', state: answer.state };
  return { kind: 'go_on', issue: answer };
}

async function askThrice(run: RunContext, known: Issue): Promise<Issue | 'not_found' | 'unknown'> {
  for (const delayMs of [...RETRY_DELAYS_MS, null]) {
    try {
      return await ask(run, known);
    } catch (error) {
      run.signal.throwIfAborted();
      if (error instanceof TrackerError && error.kind === 'tracker_not_found') return 'not_found';
      await run.warn('look at the issue failed', messageOf(error));
    }
    if (delayMs !== null) await pause(run.dependencies.clock, delayMs, run.signal);
  }
  return 'unknown';
}

/** Labels are only in the whole issue, which costs more to read. */
async function ask(run: RunContext, known: Issue): Promise<Issue | 'not_found'> {
  const { tracker } = run.dependencies;
  if (run.spec.settings.tracker.requiredLabels.length > 0)
    return tracker.fetchIssueById(known.id, run.signal);
  const state = (await tracker.fetchIssueStatesByIds([known.id], run.signal)).get(known.id);
  return state === undefined ? 'not_found' : { ...known, state };
}

function hasRequiredLabels(run: RunContext, issue: Issue): boolean {
  const present = new Set(issue.labels.map((label) => label.trim().toLowerCase()));
  return run.spec.settings.tracker.requiredLabels.every((label) => present.has(label.trim().toLowerCase()));
}
