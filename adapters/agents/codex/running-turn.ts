// A turn that goes on: its events in order and one at a time, the moment at which it is over, and what may cut it
// short. Nothing is reported once it is over but what the session says about its end.

import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentEvent } from '../../../src/contract/agent.ts';

export type OnEvent = (event: AgentEvent) => void | Promise<void>;

export class RunningTurn {
  /** Settles when Codex has said that the turn is over. */
  readonly over: Promise<'over'>;
  isOver = false;
  readonly #onEvent: OnEvent;
  readonly #resolveOver: () => void;
  #reported: Promise<void> = Promise.resolve();

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
    let resolveOver: () => void = () => undefined;
    this.over = new Promise((resolve) => {
      resolveOver = () => resolve('over');
    });
    this.#resolveOver = resolveOver;
  }

  noteOver(): void {
    this.isOver = true;
    this.#resolveOver();
  }

  /** Settles when these and all before them were taken; rejects with what the listener threw. */
  report(events: readonly AgentEvent[]): Promise<void> {
    this.#reported = this.#reported.then(async () => {
      for (const event of events) await this.#onEvent(event);
    });
    return this.#reported;
  }
}

/** Resolves when the signal fires; to be forgotten when nobody waits for it any more. */
export function whenAborted(signal: AbortSignal): { readonly promise: Promise<'aborted'>; forget(): void } {
  const forgotten = new AbortController();
  const promise = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: forgotten.signal });
  });
  return { promise, forget: () => forgotten.abort() };
}

/** Throws `turn_cancelled`. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledBy(signal);
}

export function cancelledBy(signal: AbortSignal): AgentError {
  const reason: unknown = signal.reason;
  return new AgentError('turn_cancelled', reason instanceof Error ? reason.message : String(reason));
}

/** What was thrown, as the error that the port allows. */
export function asFailure(cause: unknown): AgentError {
  if (cause instanceof AgentError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AgentError('response_error', `the turn could not be carried out: ${why}`, { cause });
}
