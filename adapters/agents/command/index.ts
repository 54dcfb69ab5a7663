// The agent `command`: any program that takes a prompt and says how it went by its exit code. Each turn runs
// `sh -c <agent.command>` in the workspace. docs/agents/command.md is its page for users.

import type { AgentRegistration } from '../../../src/contract/agent.ts';
import { createLineAgent } from '../line-protocol/index.ts';
import { checkShellCommand } from './check-command.ts';
import { commandSettings } from './settings.ts';

/** Kind `command`. */
export const agent: AgentRegistration = {
  kind: 'command',
  // There is nothing sensible to run unasked.
  defaultCommand: '',
  passEnv: [],
  settingsSchema: commandSettings,
  // Its programs say what they like, whenever they like.
  tools: 'stdio',
  usage: 'live',
  cost: 'reported',
  checkCommand: checkShellCommand,
  create: () => createLineAgent((request) => ({ file: '/bin/sh', args: ['-c', request.command], env: {} })),
};
