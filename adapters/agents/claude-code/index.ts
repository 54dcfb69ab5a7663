// The agent `claude-code`: Anthropic's Claude Code, one process a turn, resumed by its session id.
// docs/agents/claude-code.md is its page for users.

import type { AgentAdapter, AgentRegistration } from '../../../src/contract/agent.ts';
import { checkProgram, createCliAgent, readMcpConfig } from '../driver/index.ts';
import type { Program, SessionStart } from '../driver/index.ts';
import { claudeCall } from './call.ts';
import { createCredentialCheck } from './credentials.ts';
import { passedNames } from './pass-env.ts';
import { probeClaude } from './probe.ts';
import { createClaudeReader } from './reader.ts';
import { claudeCodeSettings } from './settings.ts';

const INSTALL = 'npm install -g @anthropic-ai/claude-code';

/** Kind `claude-code`. */
export const agent: AgentRegistration = {
  kind: 'claude-code',
  defaultCommand: 'claude',
  get passEnv() {
    return passedNames(process.env);
  },
  settingsSchema: claudeCodeSettings,
  pathSettings: ['mcp_config'],
  tools: 'http',
  usage: 'live',
  cost: 'reported',
  checkCommand: (command, env) => checkProgram(command, env, { install: INSTALL }),
  create: createClaudeAgent,
  createReader: (context) => createClaudeReader(context),
};

function createClaudeAgent(): AgentAdapter {
  const credentials = createCredentialCheck();
  /** By program: whether a resumed session can be given another system prompt. */
  const refreshes = new Map<string, boolean>();
  const keyOf = (program: Program): string => JSON.stringify(program);

  async function learnOptions(start: SessionStart, signal: AbortSignal): Promise<void> {
    const key = keyOf(start.program);
    const { append_system_prompt: prompt = '' } = claudeCodeSettings.parse(start.request.settings);
    if (prompt === '' || refreshes.has(key)) return;
    const { exitCode, stdoutText } = await probeClaude(start, ['--help'], signal);
    if (exitCode === 0) refreshes.set(key, stdoutText.includes('--system-prompt-snapshot'));
  }

  return createCliAgent({
    call: (turn) => claudeCall(turn, refreshes.get(keyOf(turn.program)) === true),
    createReader: (context, { request }) => createClaudeReader(context, request.tools !== null),
    // Ends its tools, saves the session and prints a last result with what the turn has used.
    cleanSignal: 'SIGINT',
    tellsOfServers: true,
    install: INSTALL,
    async prepareSession(start, signal) {
      const { mcp_config: servers } = claudeCodeSettings.parse(start.request.settings);
      // Said before the first turn, not in it. Without tools of ours it is the CLI's own affair.
      if (servers !== undefined && start.request.tools !== null) {
        await readMcpConfig(servers, 'claude-code.mcp_config');
      }
      await credentials.require(start, signal);
      await learnOptions(start, signal);
    },
  });
}
