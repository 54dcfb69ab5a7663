// Step 1: the tracker is told that work begins. Neither write is worth the run: a failure is a warning. After
// an abort nothing is sent any more.

import type { Issue } from '../contract/issue.ts';
import type { RunContext } from './run-context.ts';
import { messageOf } from './run-problem.ts';

/** Returns the issue as it is now, as far as we know. */
export async function announceDispatch(run: RunContext): Promise<Issue> {
  const issue = await moveToInProgress(run);
  if (run.spec.settings.tracker.comments.onDispatch) await commentOnDispatch(run, issue);
  return issue;
}

async function moveToInProgress(run: RunContext): Promise<Issue> {
  const { issue, runId, settings } = run.spec;
  const { inProgressState: toState, activeStates } = settings.tracker;
  if (toState === '' || sameState(toState, issue.state)) return issue;
  await run.enter('dispatch_transition');
  run.signal.throwIfAborted();
  try {
    await run.dependencies.writer.transition({ issue, runId, toState, from: activeStates }, run.signal);
  } catch (error) {
    run.signal.throwIfAborted();
    await run.warn('dispatch transition failed', messageOf(error));
    return issue;
  }
  await run.emit({ kind: 'tracker_write_confirmed', state: toState });
  return { ...issue, state: toState };
}

async function commentOnDispatch(run: RunContext, issue: Issue): Promise<void> {
  const { runId, attempt, settings } = run.spec;
  await run.enter('dispatch_comment');
  run.signal.throwIfAborted();
  const body = `Sortie started work on this issue: run ${runId.slice(0, 8)}, attempt ${attempt}, agent ${settings.agent.kind}.`;
  try {
    await run.dependencies.writer.comment(
      {
        issue,
        runId,
        lifecycle: 'dispatch',
        body,
        style: settings.tracker.comments.style,
        facts: {
          standing: 'working',
          detail: '',
          attempt,
          agentKind: settings.agent.kind,
          turns: 0,
          secondsRunning: 0,
          tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
          costUsd: null,
          costEstimated: false,
        },
      },
      run.signal,
    );
  } catch (error) {
    run.signal.throwIfAborted();
    await run.warn('dispatch comment failed', messageOf(error));
    return;
  }
  await run.emit({ kind: 'tracker_write_confirmed', state: null });
}

/** Trackers differ in the casing that they show and the casing that people write. */
export function sameState(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
