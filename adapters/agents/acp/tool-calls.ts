// Tool calls as agents report them: `tool_call` once and `tool_call_update` any number of times, with fields that
// come late, come twice or never. Each call has one start and at most one result.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { createToolBook, idAt, stringAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';

/** Calls of one turn that are remembered; beyond them, a late repetition may be reported twice. */
const CALLS_KEPT = 1000;
const WRITING_KINDS = new Set(['edit', 'delete', 'move']);

export interface ToolCalls {
  /** @param update of `session/update`, of kind `tool_call` or `tool_call_update`. */
  take(update: JsonObject, atMs: number): readonly AgentEvent[];
  endTurn(): void;
}

export function createToolCalls(): ToolCalls {
  const book = createToolBook();
  /** The kind that was told last; null = the call is over. */
  const kinds = new Map<string, string | null>();
  return {
    take(update, atMs) {
      const callId = idAt(update, 'toolCallId');
      const known = kinds.get(callId);
      if (callId === '' || known === null) return [];
      const kind = stringAt(update, 'kind') || (known ?? '');
      const status = stringAt(update, 'status');
      const isOver = status === 'completed' || status === 'failed';
      if (known === undefined && kinds.size >= CALLS_KEPT) kinds.clear();
      kinds.set(callId, isOver ? null : kind);
      const events = known === undefined ? [...book.started(callId, nameOf(update, kind), atMs)] : [];
      if (!isOver) return events;
      const ok = status === 'completed';
      return [...events, ...book.ended(callId, { ok, writes: ok && WRITING_KINDS.has(kind) }, atMs)];
    },
    endTurn() {
      book.endTurn();
      kinds.clear();
    },
  };
}

/** A title is often the command itself; only one that is a plain word is taken for a name. */
function nameOf(update: JsonObject, kind: string): string {
  const title = stringAt(update, 'title');
  return (
    stringAt(update, 'name') ||
    stringAt(update, '_meta', 'claudeCode', 'toolName') ||
    (/^[\w.:/-]{1,80}$/.test(title) ? title : kind)
  );
}
