// The agent `codex`: OpenAI's Codex through `codex app-server`, one process a session. docs/agents/codex.md is its page
// for users.

import type { AgentAdapter, AgentRegistration, AgentSession } from '../../../src/contract/agent.ts';
import { checkProgram, NETWORK_VARIABLES, requireFolder, requireProgram } from '../driver/index.ts';
import { INSTALL } from './connection.ts';
import { createCodexReader } from './reader.ts';
import { CodexSession } from './session.ts';
import { codexSettings, readCodexSettings } from './settings.ts';

function createCodex(): AgentAdapter {
  return {
    async startSession(request, signal) {
      await requireFolder(request.workspacePath);
      const program = requireProgram(request.command);
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
  passEnv: ['OPENAI_*', 'CODEX_*', ...NETWORK_VARIABLES, 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  settingsSchema: codexSettings,
  tools: 'http',
  usage: 'live',
  cost: 'none',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: createCodex,
  createReader: (context) => createCodexReader({ ...context, grantsAll: false }),
};
