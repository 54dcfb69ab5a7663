// At most one turn of a session at a time, and none after the session was stopped.

import { AgentError } from '../../../src/contract/agent.ts';

/** One for each session. */
export class OneTurn {
  readonly #stopper = new AbortController();
  #turn: Promise<void> | null = null;

  /** Runs one turn with a signal that also fires when the session is stopped. */
  async whileTurn(signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#turn !== null)
      throw new AgentError('response_error', 'a turn of this session is still running');
    if (this.#stopper.signal.aborted) throw new AgentError('turn_cancelled', 'the session was stopped');
    this.#turn = work(AbortSignal.any([signal, this.#stopper.signal]));
    try {
      await this.#turn;
    } finally {
      this.#turn = null;
    }
  }

  /** Ends a running turn and waits until nothing of it is left. Never throws. */
  async stop(): Promise<void> {
    this.#stopper.abort('the session was stopped');
    // Whoever runs the turn gets its error.
    await this.#turn?.catch(() => undefined);
  }
}
