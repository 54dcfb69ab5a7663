// From a process that has just been started to a thread that takes turns: initialize, the check of the credentials,
// thread/start or thread/resume. It leaves ending the process to its caller, whatever goes wrong.

import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { AgentError } from '../../../src/contract/agent.ts';
import { idAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import type { Connection } from './connection.ts';
import { handOverKey, isLoginMissing, keyFromEnvironment, noLogin } from './credentials.ts';
import { initializeParams, threadParams } from './params.ts';
import type { RpcPeer } from './rpc-peer.ts';
import { RpcError } from './rpc-peer.ts';
import { asFailure } from './running-turn.ts';
import type { CodexSettings } from './settings.ts';

/** Codex asks for the list of models first, and gives up after 6 s when it cannot reach the service (0.169). */
const THREAD_LEAST_MS = 20_000;

export interface HandshakeParts {
  /** Starts a process; with a key it keeps what it is handed over in its memory. */
  launch(key: string | null): Promise<Connection>;
  /** Ends the process that was started last. */
  end(reason: string): Promise<void>;
  readonly settings: CodexSettings;
  readonly workspacePath: string;
  readonly tools: ToolServer | null;
  readonly env: Readonly<Record<string, string>>;
  /** "" starts a new thread. */
  readonly threadId: string;
  /** A key that was needed before; null = it is not known that one is. */
  readonly key: string | null;
}

export interface OpenThread {
  readonly threadId: string;
  readonly key: string | null;
}

/** Rejects with RpcError or AgentError. */
export async function openThread(parts: HandshakeParts): Promise<OpenThread> {
  let { key } = parts;
  let peer = await greet(parts, key);
  if (key === null && (await isLoginMissing(peer, parts.env))) {
    key = keyFromEnvironment(parts.env);
    if (key === null) {
      // A configuration that cannot be read is reported only here, and hides the user's provider.
      await requestThread(peer, parts);
      throw noLogin();
    }
    await parts.end('it is started again with a key');
    peer = await greet(parts, key);
  }
  if (key !== null) await handOverKey(peer, key);
  const threadId = idAt(await requestThread(peer, parts), 'thread', 'id');
  if (threadId === '') throw new AgentError('response_error', 'Codex opened a thread and did not name it');
  return { threadId, key };
}

function requestThread(
  peer: RpcPeer,
  { settings, workspacePath, tools, threadId }: HandshakeParts,
): Promise<JsonObject> {
  const params = threadParams(settings, workspacePath, tools);
  if (threadId === '') return peer.request('thread/start', params, THREAD_LEAST_MS);
  return peer.request('thread/resume', { threadId, excludeTurns: true, ...params }, THREAD_LEAST_MS);
}

async function greet(parts: HandshakeParts, key: string | null): Promise<RpcPeer> {
  const { peer } = await parts.launch(key);
  await peer.request('initialize', initializeParams());
  peer.notify('initialized');
  return peer;
}

/** What a failed handshake means. */
export function handshakeFailure(error: unknown): AgentError {
  if (!(error instanceof RpcError)) return asFailure(error);
  const { method, message } = error;
  const detail = `Codex refused ${method}: ${message}`;
  if (method === 'thread/resume' && /no rollout found|not found|invalid session id/i.test(message)) {
    return new AgentError('response_error', detail, { reason: 'session_unknown', cause: error });
  }
  const isConfig = message.startsWith('failed to load configuration');
  return new AgentError(isConfig ? 'agent_config_error' : 'response_error', detail, { cause: error });
}
