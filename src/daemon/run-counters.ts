// Counts what only a run's own reports tell: tokens, tool calls, and how the move to `in_progress_state` went.

import { TOOL_SERVER_NAME } from '../contract/agent-tools.ts';
import type { RunEvent } from '../contract/index.ts';
import type { Counters } from '../contract/counters.ts';

export function createRunCounters(
  counters: Pick<Counters, 'countTokens' | 'countToolCall' | 'countDispatchTransition'>,
): (runId: string, event: RunEvent | null) => void {
  /** Runs whose move to `in_progress_state` is under way, or has been. */
  const moving = new Map<string, 'asked' | 'confirmed'>();

  function onPhase(runId: string): void {
    const move = moving.get(runId);
    counters.countDispatchTransition(
      move === undefined ? 'skipped' : move === 'confirmed' ? 'success' : 'error',
    );
    moving.delete(runId);
  }

  /** `null` = the run has ended. */
  return (runId, event) => {
    if (event === null) moving.delete(runId);
    else if (event.kind === 'phase_entered') {
      if (event.phase === 'dispatch_transition') moving.set(runId, 'asked');
      else if (event.phase === 'preparing_workspace') onPhase(runId);
    } else if (event.kind === 'tracker_write_confirmed') {
      if (event.state !== null && moving.has(runId)) moving.set(runId, 'confirmed');
    } else if (event.kind === 'agent_event') {
      if (event.event.kind === 'token_usage') counters.countTokens(event.event);
      else if (event.event.kind === 'tool_result' && !event.event.name.includes(TOOL_SERVER_NAME)) {
        // Ours are counted where they are answered.
        counters.countToolCall(event.event.name, event.event.ok ? 'success' : 'error');
      }
    }
  };
}
