// A conversation whose turns are separate processes: what lasts between them is its id, whether the agent knows it
// already, and the reader.

import type { AgentSession } from '../../../src/contract/agent.ts';
import type { CliReader, SessionStart } from './cli-agent.ts';
import { OneTurn } from './one-turn.ts';

/** One session of a command-line agent. */
export class CliSession extends OneTurn implements AgentSession {
  readonly start: SessionStart;
  readonly reader: CliReader;
  /** The agent has been asked to begin it, in this run or an earlier one. */
  isKnown: boolean;
  #sessionId: string;

  constructor(start: SessionStart, sessionId: string, reader: CliReader) {
    super();
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
}
