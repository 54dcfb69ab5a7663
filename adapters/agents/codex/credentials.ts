// Whether Codex may talk to its model at all, asked before the first turn. Only one thing is a failure: the chosen
// provider wants OpenAI's own login, and Codex knows none. Own providers, keys in auth.json, ChatGPT logins and answers
// that nobody here understands all pass. The app-server ignores keys in its environment (0.169), so such a key is
// handed over by the protocol, for the memory of that process only.

import { AgentError } from '../../../src/contract/agent.ts';
import { booleanAt } from '../driver/index.ts';
import type { RpcPeer } from './rpc-peer.ts';
import { RpcError } from './rpc-peer.ts';

const KEY_NAMES = ['CODEX_API_KEY', 'OPENAI_API_KEY'] as const;

/** Rejects only when Codex does not answer at all. */
export async function isLoginMissing(peer: RpcPeer, env: Readonly<Record<string, string>>): Promise<boolean> {
  // Codex reads this one itself, and not every kind of it shows as an account.
  if ((env['CODEX_ACCESS_TOKEN'] ?? '') !== '') return false;
  try {
    const answer = await peer.request('account/read', { refreshToken: false });
    return booleanAt(answer, 'requiresOpenaiAuth') === true && answer['account'] === null;
  } catch (error) {
    if (error instanceof RpcError) return false;
    throw error;
  }
}

/** null = there is none. */
export function keyFromEnvironment(env: Readonly<Record<string, string>>): string | null {
  for (const name of KEY_NAMES) {
    const key = env[name]?.trim() ?? '';
    if (key !== '') return key;
  }
  return null;
}

/** To a process that was started with KEY_IN_MEMORY_ARGS. */
export async function handOverKey(peer: RpcPeer, apiKey: string): Promise<void> {
  try {
    await peer.request('account/login/start', { type: 'apiKey', apiKey });
  } catch (error) {
    if (error instanceof RpcError)
      throw loginError(`Codex refused the key of its environment: ${error.message}`);
    throw error;
  }
}

/** What a person must do. */
export function noLogin(): AgentError {
  return loginError(
    'Codex is not logged in: run `codex login` as the user of the daemon (same HOME and CODEX_HOME), or set OPENAI_API_KEY',
  );
}

function loginError(detail: string): AgentError {
  return new AgentError('agent_config_error', detail, { reason: 'authentication' });
}
