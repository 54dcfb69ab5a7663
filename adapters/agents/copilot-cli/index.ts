// The agent `copilot-cli`: GitHub's Copilot CLI, one process a turn. docs/agents/copilot-cli.md is its page for users.

import type { AgentRegistration } from '../../../src/contract/agent.ts';
import { checkProgram, createCliAgent, NETWORK_VARIABLES, readMcpConfig } from '../driver/index.ts';
import { copilotCall } from './call.ts';
import { resolveNative } from './native-binary.ts';
import { createCopilotReader } from './reader.ts';
import { copilotSettings } from './settings.ts';
import { readUsageLine } from './usage-file.ts';

const INSTALL = 'npm install -g @github/copilot';

/** Kind `copilot-cli`. */
export const agent: AgentRegistration = {
  kind: 'copilot-cli',
  defaultCommand: 'copilot',
  passEnv: [
    ...['COPILOT_*', 'GH_TOKEN', 'GITHUB_TOKEN', 'GH_HOST'],
    // Where the program that it unpacks at its first start lies.
    ...['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'],
    ...NETWORK_VARIABLES,
  ],
  settingsSchema: copilotSettings,
  pathSettings: ['mcp_config'],
  tools: 'http',
  usage: 'turn_end',
  cost: 'none',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: () =>
    createCliAgent({
      call: copilotCall,
      createReader: createCopilotReader,
      // To the native binary: it ends its tools, leaves its usage file and exits with 0.
      cleanSignal: 'SIGINT',
      tellsOfServers: true,
      install: INSTALL,
      resolveProgram: resolveNative,
      async prepareSession({ request }) {
        const { mcp_config: servers } = copilotSettings.parse(request.settings);
        if (servers !== undefined && request.tools !== null) {
          await readMcpConfig(servers, 'copilot-cli.mcp_config');
        }
      },
      afterExit: async ({ folder }) => [await readUsageLine(folder)],
    }),
  createReader: createCopilotReader,
};
