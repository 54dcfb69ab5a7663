// Which tools of a run are at work, from their reported start to their result or the end of the turn. A run that
// waits for a tool is not silent, however long the tool takes; a tool that takes too long is a stall of its own.

import type { AgentEvent } from '../contract/index.ts';

export interface ToolInFlight {
  readonly name: string;
  readonly sinceMonotonicMs: number;
}

/** Longest in flight first. */
export type ToolsInFlight = Map<string, ToolInFlight>;

/** An agent that starts more than this at once has the later ones left out. */
const MOST_TOOLS = 256;
const NAME_LIMIT = 100;

const ENDS_TURN: ReadonlySet<AgentEvent['kind']> = new Set<AgentEvent['kind']>([
  'turn_completed',
  'turn_failed',
  'turn_cancelled',
  'turn_ended_with_error',
  'turn_input_required',
]);

export function followTools(tools: ToolsInFlight, event: AgentEvent, monotonicMs: number): void {
  if (event.kind === 'tool_started') {
    if (event.callId === '' || tools.has(event.callId) || tools.size >= MOST_TOOLS) return;
    tools.set(event.callId, { name: event.name.slice(0, NAME_LIMIT), sinceMonotonicMs: monotonicMs });
  } else if (event.kind === 'tool_result') tools.delete(event.callId ?? '');
  else if (ENDS_TURN.has(event.kind)) tools.clear();
}

/** null = none. */
export function longestInFlight(tools: ToolsInFlight): ToolInFlight | null {
  const first = tools.values().next();
  return first.done === true ? null : first.value;
}
