// What the CLI writes to stderr when it does not even begin: one word in it decides whether trying again can help.
import { expect, it } from 'vitest';
import type { AgentErrorKind, AgentFailureReason } from '../../../../src/contract/agent.ts';
import { readTurn } from './recorded.ts';

it.each<[string, AgentErrorKind, AgentFailureReason | null, string]>([
  [
    '--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons\n',
    'agent_config_error',
    null,
    'IS_SANDBOX: "1" in agent.env',
  ],
  [
    'Error: Session ID fd8cbd37-89f8-457a-8905-8e7ca84b6ab3 is already in use.\n',
    'response_error',
    'session_unknown',
    'already in use',
  ],
  [
    'No conversation found with session ID: 798f4a98-f95a-4863-ad16-b22e9ad3e6f5\n',
    'response_error',
    'session_unknown',
    'No conversation found',
  ],
  ["error: unknown option '--effort'\n", 'agent_config_error', null, 'update Claude Code'],
  [
    "error: option '--permission-mode <mode>' argument 'auto' is invalid. Allowed choices are acceptEdits, plan.\n",
    'agent_config_error',
    null,
    'update Claude Code',
  ],
  [
    'Error: Invalid MCP configuration:\nMCP config file not found: /nope.json\n',
    'agent_config_error',
    null,
    'correct claude-code.mcp_config',
  ],
  ['Not logged in · Please run /login\n', 'agent_config_error', 'authentication', 'claude auth login'],
])('%j', (stderrText, error, reason, words) => {
  const { verdict } = readTurn([], { end: { exitCode: 1, stderrText } });
  expect(verdict).toMatchObject({ error, reason, detail: expect.stringContaining(words) as string });
  expect(verdict).toMatchObject({ detail: expect.not.stringContaining('\n') as string });
});

it('leaves it to others when stderr explains nothing, or the process did not fail by itself', () => {
  expect(readTurn([], { end: { exitCode: 1, stderrText: 'Segmentation fault' } }).verdict).toBeNull();
  expect(readTurn([], { end: { exitCode: 0, stderrText: 'Please run /login' } }).verdict).toBeNull();
  expect(
    readTurn([], { end: { exitCode: null, signal: 'SIGKILL', stderrText: 'Please run /login' } }).verdict,
  ).toBeNull();
});
