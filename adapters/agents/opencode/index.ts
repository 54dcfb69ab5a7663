// The agent `opencode`: one `opencode run` a turn. docs/agents/opencode.md is its page for users.

import type { AgentRegistration } from '../../../src/contract/agent.ts';
import { checkProgram, createCliAgent, NETWORK_VARIABLES } from '../driver/index.ts';
import { opencodeCall } from './call.ts';
import { createOpencodeReader } from './reader.ts';
import { opencodeSettings } from './settings.ts';
import { createToolWatch } from './tool-watch.ts';
import type { ToolWatchParts } from './tool-watch.ts';

const INSTALL = 'npm install -g opencode-ai';

/** The adapter; `parts` only for tests. */
export function createOpencode(parts?: ToolWatchParts): ReturnType<AgentRegistration['create']> {
  const { pulseOf, watch } = createToolWatch(parts);
  return createCliAgent({
    call: opencodeCall,
    createReader(context, { request }) {
      const { model = '' } = opencodeSettings.parse(request.settings);
      return createOpencodeReader(context, { model, pulse: pulseOf(request) });
    },
    // Every signal ends it at once and leaves its tool behind; the runner ends that by its mark.
    cleanSignal: null,
    install: INSTALL,
    namesSessions: true,
    watch,
  });
}

/** Kind `opencode`. */
export const agent: AgentRegistration = {
  kind: 'opencode',
  defaultCommand: 'opencode',
  passEnv: [
    'OPENCODE_*',
    // Where its configuration, its login and its sessions lie.
    ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'],
    ...NETWORK_VARIABLES,
  ],
  settingsSchema: opencodeSettings,
  tools: 'http',
  usage: 'live',
  cost: 'reported',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: () => createOpencode(),
  createReader: (context) => createOpencodeReader(context),
};
