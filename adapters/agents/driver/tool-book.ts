// Which tools of a session are in flight, so that each start has one result and each result its duration. An agent
// may forget to report either, repeat itself, or name a call twice.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { cleanText } from './clean-text.ts';

/** More calls at once than any honest agent makes; beyond them the oldest is forgotten. */
const CALLS_KEPT = 256;
const NAME_LIMIT = 120;

/** One for each session. */
export interface ToolBook {
  /** [] when this call is in flight already. */
  started(callId: string, name: string, atMs: number): readonly AgentEvent[];
  /** A call whose start was not reported has a duration of 0. `name` is used when the start gave none. */
  ended(
    callId: string,
    facts: { readonly ok: boolean; readonly writes?: boolean; readonly name?: string },
    atMs: number,
  ): readonly AgentEvent[];
  /** The name under which a call in flight was started; "" when there is no such call. */
  nameOf(callId: string): string;
  /** Calls in flight. */
  inFlight(): number;
  /** Whatever is still in flight ended with the turn, without a result. */
  endTurn(): void;
}

/** A book without entries. */
export function createToolBook(): ToolBook {
  const calls = new Map<string, { readonly name: string; readonly startedMs: number }>();
  return {
    started(callId, givenName, atMs) {
      if (calls.has(callId)) return [];
      const name = cleanText(givenName, NAME_LIMIT) || 'tool';
      calls.set(callId, { name, startedMs: atMs });
      if (calls.size > CALLS_KEPT) {
        const oldest = calls.keys().next();
        if (!oldest.done) calls.delete(oldest.value);
      }
      return [{ kind: 'tool_started', callId, name }];
    },
    ended(callId, { ok, writes = false, name = '' }, atMs) {
      const call = calls.get(callId);
      calls.delete(callId);
      const shown = call?.name ?? (cleanText(name, NAME_LIMIT) || 'tool');
      const durationMs = call === undefined ? 0 : Math.max(0, Math.round(atMs - call.startedMs));
      return [{ kind: 'tool_result', callId, name: shown, durationMs, ok, writes }];
    },
    nameOf: (callId) => calls.get(callId)?.name ?? '',
    inFlight: () => calls.size,
    endTurn() {
      calls.clear();
    },
  };
}
