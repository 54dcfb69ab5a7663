// What every process of a session has in common, whoever starts it: it is recorded as soon as it has a pid, so that a
// daemon that died can find it again, and its tools are told what they work on.

import type { SessionRequest } from '../../../src/contract/agent.ts';
import type { LaunchedProcess } from '../../../src/process/index.ts';

/** Rejects with what `onProcess` throws, and then nothing is left of the process. */
export async function noteStart(launched: LaunchedProcess, request: SessionRequest): Promise<void> {
  try {
    if (launched.identity !== null) request.onProcess(launched.identity);
  } catch (error) {
    await launched.end('its start could not be recorded');
    throw error;
  }
}

/** For a process that serves a whole session. */
export function sessionVariables(request: SessionRequest): Record<string, string> {
  return {
    SORTIE_ISSUE_ID: request.issueId,
    SORTIE_ISSUE_IDENTIFIER: request.issueIdentifier,
    SORTIE_WORKSPACE: request.workspacePath,
    SORTIE_ATTEMPT: String(request.attempt),
  };
}

/** For a process of one turn. */
export function turnVariables(
  request: SessionRequest,
  turn: number,
  sessionId: string,
): Record<string, string> {
  return { ...sessionVariables(request), SORTIE_TURN: String(turn), SORTIE_SESSION_ID: sessionId };
}
