// The agent `gemini-cli`: Google's Gemini CLI, one process a turn. docs/agents/gemini-cli.md is its page for users.

import type { AgentRegistration } from '../../../src/contract/agent.ts';
import { checkProgram, createCliAgent, NETWORK_VARIABLES } from '../driver/index.ts';
import { geminiCall } from './call.ts';
import { createGeminiReader } from './reader.ts';
import { readMcpServers } from './mcp-config.ts';
import { geminiSettings } from './settings.ts';

const INSTALL = 'npm install -g @google/gemini-cli';

/** Kind `gemini-cli`. */
export const agent: AgentRegistration = {
  kind: 'gemini-cli',
  defaultCommand: 'gemini',
  passEnv: ['GEMINI_*', 'GOOGLE_*', ...NETWORK_VARIABLES],
  settingsSchema: geminiSettings,
  pathSettings: ['mcp_config'],
  tools: 'http',
  usage: 'turn_end',
  cost: 'none',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: () =>
    createCliAgent({
      call: geminiCall,
      createReader: createGeminiReader,
      // Every signal makes it exit with 0 and leaves its tool behind; the runner ends that by its mark.
      cleanSignal: null,
      install: INSTALL,
      // A broken mcp_config is said before the first turn, not in it.
      async prepareSession({ request }) {
        await readMcpServers(geminiSettings.parse(request.settings).mcp_config);
      },
    }),
  createReader: createGeminiReader,
};
