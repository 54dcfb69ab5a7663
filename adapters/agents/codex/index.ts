// The agent `codex`: OpenAI's Codex through `codex app-server`, one process a session. docs/agents/codex.md is its page
// for users.

import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentAdapter, AgentRegistration, AgentSession } from '../../../src/contract/agent.ts';
import { checkProgram, requireFolder, splitCommand } from '../driver/index.ts';
import { INSTALL } from './connection.ts';
import { createCodexReader } from './reader.ts';
import { CodexSession } from './session.ts';
import { codexSettings, readCodexSettings } from './settings.ts';

function createCodex(): AgentAdapter {
  return {
    async startSession(request, signal) {
      await requireFolder(request.workspacePath);
      const program = splitCommand(request.command);
      if (program === null) {
        throw new AgentError(
          'agent_not_found',
          `agent.command ${JSON.stringify(request.command)} is no command`,
        );
      }
      const session = new CodexSession(request, program, readCodexSettings(request.settings));
      await session.start(signal);
      return session;
    },
    async runTurn(session, turn, onEvent, signal) {
      await ownSession(session).runTurn(turn, onEvent, signal);
    },
    async stopSession(session) {
      await ownSession(session).stop();
    },
  };
}

function ownSession(session: AgentSession): CodexSession {
  if (session instanceof CodexSession) return session;
  throw new TypeError('this session was started by another adapter');
}

/** Kind `codex`. */
export const agent: AgentRegistration = {
  kind: 'codex',
  defaultCommand: 'codex',
  passEnv: [
    'OPENAI_*',
    'CODEX_*',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'all_proxy',
    'no_proxy',
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
  ],
  settingsSchema: codexSettings,
  usage: 'live',
  cost: 'none',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: createCodex,
  createReader: (context) => createCodexReader({ ...context, grantsAll: false }),
};
