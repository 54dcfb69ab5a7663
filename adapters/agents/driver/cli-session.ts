// A conversation whose turns are separate processes: what lasts between them is its id, whether the agent knows it
// already, and the reader. It holds at most one running turn, and remembers that it was stopped, so that no turn
// starts afterwards.

import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentSession } from '../../../src/contract/agent.ts';
import type { CliReader, SessionStart } from './cli-agent.ts';

/** One session of a command-line agent. */
export class CliSession implements AgentSession {
  readonly start: SessionStart;
  readonly reader: CliReader;
  /** The agent has been asked to begin it, in this run or an earlier one. */
  isKnown: boolean;
  #sessionId: string;
  readonly #stopper = new AbortController();
  #turn: Promise<void> | null = null;

  constructor(start: SessionStart, sessionId: string, reader: CliReader) {
    this.start = start;
    this.reader = reader;
    this.isKnown = start.request.resumeSessionId !== null;
    this.#sessionId = sessionId;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** The agent has said what the session is called. */
  nameBy(sessionId: string): void {
    this.#sessionId = sessionId;
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
