// A conversation whose turns are separate processes: what lasts between them is its id, whether the agent knows it
// already, and the reader.

import type { AgentEvent, AgentSession } from '../../../src/contract/agent.ts';
import type { CliReader, SessionStart } from './cli-agent.ts';
import { OneTurn } from './one-turn.ts';
import { createToolsWatch } from './tool-server.ts';

/** One session of a command-line agent. */
export class CliSession extends OneTurn implements AgentSession {
  readonly start: SessionStart;
  readonly reader: CliReader;
  /** What is to be said of tools that were not found. */
  readonly missingTools: () => readonly AgentEvent[];
  /** The agent has been asked to begin it, in this run or an earlier one. */
  isKnown: boolean;
  #sessionId: string;

  constructor(start: SessionStart, sessionId: string, reader: CliReader) {
    super();
    this.start = start;
    this.reader = reader;
    this.missingTools = createToolsWatch(start.request.tools);
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
