// From whatever was thrown during a run to how the run ended. An error after an abort is a consequence of that
// abort; an error of a known class keeps its kind; anything else is our own mistake: `worker_crashed`.

import { AgentError } from '../contract/agent.ts';
import type { CancelReason, RunExit, RunFailure } from '../contract/run.ts';
import { TrackerError } from '../contract/tracker.ts';
import { WorkspaceError } from '../workspace/index.ts';

/** Thrown inside of the worker to end the run with this failure. */
export class RunProblem extends Error {
  override readonly name = 'RunProblem';
  readonly failure: RunFailure;

  constructor(kind: RunFailure['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = { kind, message: oneLine(message) };
  }
}

const CANCEL_REASONS: readonly CancelReason[] = [
  'stalled',
  'terminal',
  'not_active',
  'shutdown',
  'lost',
  'operator',
  'budget',
];

/** Why the run was cancelled; null when it was not. */
export function cancelReason(signal: AbortSignal): CancelReason | null {
  if (!signal.aborted) return null;
  // An abort without one of our reasons can only come from somebody who holds the signal's controller.
  return CANCEL_REASONS.find((reason) => reason === signal.reason) ?? 'operator';
}

export function exitOf(error: unknown, signal: AbortSignal): RunExit {
  const reason = cancelReason(signal);
  if (reason !== null) return { kind: 'cancelled', reason };
  return { kind: 'failed', failure: failureOf(error) };
}

function failureOf(error: unknown): RunFailure {
  if (error instanceof RunProblem) return error.failure;
  if (error instanceof AgentError) {
    const { kind, reason, resetAtMs } = error;
    return { kind, message: oneLine(error.message), reason, resetAtMs };
  }
  if (error instanceof WorkspaceError) return { kind: error.kind, message: oneLine(error.message) };
  if (error instanceof TrackerError) {
    return { kind: error.kind, message: oneLine(error.message), retryAfterMs: error.retryAfterMs };
  }
  return { kind: 'worker_crashed', message: `worker: worker_crashed: ${messageOf(error)}` };
}

export function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
