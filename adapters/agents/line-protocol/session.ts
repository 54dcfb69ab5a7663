// A conversation whose turns are separate processes: all that lasts between them is the id.

import type { AgentSession, SessionRequest } from '../../../src/contract/agent.ts';
import { OneTurn } from '../driver/index.ts';

/** One session of a line agent. */
export class LineSession extends OneTurn implements AgentSession {
  readonly request: SessionRequest;
  /** Whoever started the session announces it; the program may replace it (`session_started`). */
  sessionId: string;

  constructor(request: SessionRequest) {
    super();
    this.request = request;
    this.sessionId = request.resumeSessionId ?? request.newSessionId;
  }
}
