// A conversation whose turns are separate processes: all that lasts between them is the id. It holds at most one
// running turn, and remembers that it was stopped, so that no turn starts afterwards.

import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentSession, SessionRequest } from '../../../src/contract/agent.ts';

/** One session of a line agent. */
export class LineSession implements AgentSession {
  readonly request: SessionRequest;
  /** Whoever started the session announces it; the program may replace it (`session_started`). */
  sessionId: string;
  readonly #stopper = new AbortController();
  #turn: Promise<void> | null = null;

  constructor(request: SessionRequest) {
    this.request = request;
    this.sessionId = request.resumeSessionId ?? request.newSessionId;
  }

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
