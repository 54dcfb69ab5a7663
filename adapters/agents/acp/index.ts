// The agent `acp`: any agent that speaks the Agent Client Protocol over stdio; `agent.command` says which. One process
// serves a whole session. docs/agents/acp.md is its page for users.

import type { AgentRegistration, AgentSession } from '../../../src/contract/agent.ts';
import { checkProgram, NETWORK_VARIABLES, requireFolder } from '../driver/index.ts';
import { createAcpReader } from './reader.ts';
import { AcpSession } from './session.ts';
import { acpSettings } from './settings.ts';

/** Kind `acp`. */
export const agent: AgentRegistration = {
  kind: 'acp',
  // There is no telling which agent is meant.
  defaultCommand: '',
  passEnv: NETWORK_VARIABLES,
  settingsSchema: acpSettings,
  pathSettings: ['mcp_config'],
  tools: 'http',
  usage: 'turn_end',
  // Some report one and it is used; most do not, so nobody may rely on it.
  cost: 'none',
  checkCommand: (command, env) =>
    command.trim() === ''
      ? Promise.resolve(
          'agent.command is empty: set it to the command that speaks ACP, e.g. "opencode acp" or "gemini --acp"',
        )
      : checkProgram(command, env, { install: '' }),
  create: () => ({
    async startSession(request, signal) {
      await requireFolder(request.workspacePath);
      const session = new AcpSession(request);
      await session.open(signal);
      return session;
    },
    async runTurn(session, turn, onEvent, signal) {
      await ownSession(session).runTurn(turn, onEvent, signal);
    },
    async stopSession(session) {
      await ownSession(session).stop();
    },
  }),
  createReader: createAcpReader,
};

function ownSession(session: AgentSession): AcpSession {
  if (session instanceof AcpSession) return session;
  throw new TypeError('this session was started by another adapter');
}
