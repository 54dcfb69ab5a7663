// What a call ended with, and how an agent is told: `{success, data | error}`, or the bare object of the tools that have
// always answered one. What went wrong is a kind that does not change its meaning, and a message that says what to do.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { JsonMap, Json } from '../../contract/tool-operations.ts';
import { TrackerError } from '../../contract/tracker.ts';
import type { ToolAnswer } from '../ports.ts';

export type Outcome =
  | { readonly ok: true; readonly data: Json; readonly bare?: boolean }
  | { readonly ok: false; readonly kind: string; readonly message: string; readonly more?: JsonMap };

export function refused(kind: string, message: string, more?: JsonMap): Outcome {
  return { ok: false, kind, message, ...(more !== undefined && { more }) };
}

export function answerOf(outcome: Outcome): ToolAnswer {
  if (!outcome.ok) {
    const { kind, message, more } = outcome;
    return { ok: false, body: { success: false, error: { kind, message, ...more } } };
  }
  const { data, bare } = outcome;
  if (bare === true && typeof data === 'object' && data !== null && !Array.isArray(data))
    return { ok: true, body: data as JsonMap };
  return { ok: true, body: { success: true, data } };
}

/** null = nothing that may happen: a mistake of ours. */
export function outcomeOfError(error: unknown): Outcome | null {
  if (error instanceof ToolFault) return refused(error.kind, error.message);
  if (error instanceof TrackerError) return refused(error.kind, error.message);
  if (error instanceof Error && error.name === 'StoreError') return storeFailed();
  return null;
}

export function storeFailed(): Outcome {
  return refused('store_failed', 'the daemon could not record it, so nothing was done; try again later');
}

export function runEnded(): Outcome {
  return refused('run_ended', 'the run has ended: nothing more is done for it');
}
