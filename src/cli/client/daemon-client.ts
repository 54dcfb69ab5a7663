// Asks a running daemon over its API. Every failure is one line: what was asked, where, what came back, what to do.

import { Agent, request, type Dispatcher } from 'undici';
import type { Address } from './address.ts';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** The API's code; "" when no answer came. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface DaemonClient {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** The body as it comes, of an answer that says 200. */
  stream(path: string, accept: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 5_000;
/** A word to the daemon may have to ask the tracker first. */
const ANSWER_LIMIT_MS = 60_000;

export function createDaemonClient(address: Address): DaemonClient {
  const connect = {
    timeout: CONNECT_LIMIT_MS,
    ...(address.socketPath === null ? {} : { socketPath: address.socketPath }),
  };
  const dispatcher = new Agent({ connect, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: 0 });
  const place = address.socketPath ?? address.origin;

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    options: { readonly body?: unknown; readonly accept?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<Dispatcher.ResponseData> {
    const { body, accept = 'application/json', signal } = options;
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(`${address.origin}${path}`, {
        method,
        dispatcher,
        signal: signal ?? null,
        headers: {
          accept,
          ...(address.token === '' ? {} : { authorization: `Bearer ${address.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(place, address.from, error);
    }
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    throw await refusal(answer, `${method} ${path}`, place);
  }

  return {
    async get<T>(path: string, signal?: AbortSignal) {
      return (await json(await ask('GET', path, { signal }), place)) as T;
    },
    async post<T>(path: string, body: unknown) {
      return (await json(await ask('POST', path, { body }), place)) as T;
    },
    async stream(path, accept, signal) {
      return (await ask('GET', path, { accept, signal })).body;
    },
    close: () => dispatcher.destroy(),
  };
}

function unreachable(place: string, from: string, error: unknown): ClientError {
  const { message, code } = error as NodeJS.ErrnoException;
  const why = message === '' ? (code ?? 'no answer') : message;
  return new ClientError(
    '',
    `no daemon answers at ${place} (${from}): ${why}; start one with \`sortie\`, or name it with --url`,
    error,
  );
}

async function refusal(answer: Dispatcher.ResponseData, asked: string, place: string): Promise<ClientError> {
  const text = await answer.body.text().catch(() => '');
  const error = errorOf(text);
  if (answer.statusCode === 401) {
    return new ClientError(
      'unauthorized',
      `${place} wants a token: set SORTIE_SERVER_TOKEN to its server.token`,
    );
  }
  if (error !== null) return new ClientError(error.code, error.message);
  return new ClientError(
    '',
    `${place} answered ${asked} with ${answer.statusCode}: is that a Sortie daemon?`,
  );
}

function errorOf(text: string): { readonly code: string; readonly message: string } | null {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    if (typeof error?.code !== 'string' || typeof error.message !== 'string') return null;
    return { code: error.code, message: error.message };
  } catch {
    return null;
  }
}

async function json(answer: Dispatcher.ResponseData, place: string): Promise<unknown> {
  try {
    return await answer.body.json();
  } catch (error) {
    throw new ClientError('', `${place} did not answer in JSON: is that a Sortie daemon?`, error);
  }
}
