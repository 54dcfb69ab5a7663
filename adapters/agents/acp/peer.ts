// Our side of the protocol, by the SDK: it numbers our requests, finds their answers, and refuses requests that we
// offer nothing for. It sees only requests and answers; notifications are read elsewhere, in order. The SDK is loaded
// when a first session is opened, because it takes longer than everything else at the daemon's start.

import type { AnyMessage } from '@agentclientprotocol/sdk/unstable';
import { AgentError } from '../../../src/contract/agent.ts';
import type { JsonObject } from '../driver/index.ts';
import { answerPermission } from './permission.ts';

const PERMISSION = 'session/request_permission';

/** What the agent answered instead of a result. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly method: string;
  /** As it came: code, message, data. */
  readonly error: unknown;

  constructor(method: string, error: unknown) {
    super(`the agent answered ${method} with an error`);
    this.method = method;
    this.error = error;
  }
}

export interface Peer {
  /**
   * Resolves with the result, whatever it is. Rejects with AnswerError, with AgentError `response_timeout`, or with what
   * `close` was given. @param timeoutMs null = however long it takes.
   */
  ask(method: string, params: JsonObject, timeoutMs: number | null): Promise<unknown>;
  /** Resolves when it is written, or cannot be. */
  tell(method: string, params: JsonObject): Promise<void>;
  /** A message of the agent; what is neither a request nor an answer to one of ours is left alone. */
  take(message: JsonObject): void;
  /** Ends every request that waits, and those to come. */
  close(reason: Error): void;
}

/** @param write writes one line and its end; may reject, and then the connection is closed. */
export async function createPeer(write: (line: string) => Promise<void>): Promise<Peer> {
  const { client } = await import('@agentclientprotocol/sdk/unstable');
  const asked = new Set<unknown>();
  let incoming: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      incoming = controller;
    },
    cancel() {
      incoming = null;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    async write(message) {
      if ('method' in message && 'id' in message) asked.add(message.id);
      await write(JSON.stringify(message));
    },
  });
  const connection = client({ name: 'sortie' })
    // With a parser of our own, because a malformed request wants an answer too.
    .onRequest(
      PERMISSION,
      (params) => params,
      ({ params }) => {
        const { optionId } = answerPermission(params);
        return { outcome: optionId === null ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
      },
    )
    .connect({ readable, writable });

  return {
    async ask(method, params, timeoutMs) {
      const answer = connection.agent.request<unknown, JsonObject>(method, params).catch((error: unknown) => {
        throw isAnswer(error) ? new AnswerError(method, error) : error;
      });
      if (timeoutMs === null) return answer;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(tooLate(method, timeoutMs)), timeoutMs);
      });
      try {
        return await Promise.race([answer, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    async tell(method, params) {
      await connection.agent.notify(method, params).catch(() => undefined);
    },
    take(message) {
      const isRequest = 'method' in message && 'id' in message;
      const isAnswerToUs = !('method' in message) && asked.delete(message['id']);
      if (isRequest || isAnswerToUs) incoming?.enqueue(message as unknown as AnyMessage);
    },
    close(reason) {
      connection.close(reason);
    },
  };
}

/** The SDK's RequestError, which also stands for an answer that is malformed. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'RequestError' && 'code' in error;
}

function tooLate(method: string, timeoutMs: number): AgentError {
  const detail = `no answer to ${method} within ${timeoutMs} ms; raise agent.read_timeout_ms if this agent starts slowly`;
  return new AgentError('response_timeout', detail);
}
