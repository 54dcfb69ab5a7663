// The agent `mock`: a small program of our own that plays a coding agent, so that everything around an agent can be
// tried without credentials. It is a real process and speaks the same lines as `command`. docs/agents/mock.md.

import type { AgentRegistration } from '../../../src/contract/agent.ts';
import { createLineAgent } from '../line-protocol/index.ts';
import { programCall } from './program-call.ts';
import { mockSettings } from './settings.ts';

/** Kind `mock`. */
export const agent: AgentRegistration = {
  kind: 'mock',
  // Never run: the program is part of this package. Not empty, because nobody has to set it.
  defaultCommand: 'bundled',
  passEnv: [],
  settingsSchema: mockSettings,
  tools: 'stdio',
  usage: 'live',
  cost: 'reported',
  checkCommand: () => Promise.resolve(null),
  create: () => createLineAgent(programCall),
};
