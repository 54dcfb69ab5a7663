// Asks a running daemon over its API. Every failure is one line: what was asked, where, what came back, what to do. An
// answer is read up to a limit and looked at before it is used: what answers need not be a Sortie, nor this version.

import { Agent, request, type Dispatcher } from 'undici';
import type { Address } from './address.ts';
import { lost, refusal, strange, unreachable } from './client-error.ts';

export interface DaemonClient {
  /** `fields`: what the answer must have. */
  get<T extends object>(
    path: string,
    fields: readonly (keyof T & string)[],
    signal?: AbortSignal,
  ): Promise<T>;
  post<T extends object>(path: string, body: unknown, fields: readonly (keyof T & string)[]): Promise<T>;
  /** The body as it comes, of an answer that says 200. */
  stream(path: string, accept: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 5_000;
/** A word to the daemon may have to ask the tracker first. */
const ANSWER_LIMIT_MS = 60_000;
/** A stream has a comment every 15 s; one that is silent for longer is dead, and nobody has said so. */
const SILENCE_LIMIT_MS = 45_000;
/** The state with 500 running issues is half a megabyte. */
const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

export function createDaemonClient(address: Address): DaemonClient {
  const connect = {
    timeout: CONNECT_LIMIT_MS,
    ...(address.socketPath === null ? {} : { socketPath: address.socketPath }),
  };
  const dispatcher = new Agent({ connect, headersTimeout: ANSWER_LIMIT_MS });
  const place = address.socketPath ?? address.origin;

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    options: {
      readonly body?: unknown;
      readonly accept?: string;
      readonly signal?: AbortSignal | undefined;
      readonly silenceLimitMs?: number;
    },
  ): Promise<Dispatcher.ResponseData> {
    const { body, accept = 'application/json', signal, silenceLimitMs = ANSWER_LIMIT_MS } = options;
    let answer: Dispatcher.ResponseData;
    try {
      answer = await request(`${address.origin}${path}`, {
        method,
        dispatcher,
        bodyTimeout: silenceLimitMs,
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
    const { statusCode: status } = answer;
    const text = await textOf(answer, place).catch(() => '');
    throw refusal({ status, text, asked: `${method} ${path}`, place, hadToken: address.token !== '' });
  }

  async function json<T>(answer: Dispatcher.ResponseData, fields: readonly (keyof T & string)[]): Promise<T> {
    const text = await textOf(answer, place);
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch (error) {
      throw strange(place, 'did not answer in JSON', error);
    }
    if (typeof given !== 'object' || given === null) throw strange(place, 'answered with no object');
    const missing = fields.filter((field) => !(field in given));
    if (missing.length > 0) throw strange(place, `answered without ${missing.join(', ')}`);
    return given as T;
  }

  return {
    get: async (path, fields, signal) => json(await ask('GET', path, { signal }), fields),
    post: async (path, body, fields) => json(await ask('POST', path, { body }), fields),
    stream: async (path, accept, signal) =>
      (await ask('GET', path, { accept, signal, silenceLimitMs: SILENCE_LIMIT_MS })).body,
    close: () => dispatcher.destroy(),
  };
}

async function textOf({ body }: Dispatcher.ResponseData, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > ANSWER_LIMIT_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw lost(place, error);
  }
  if (size > ANSWER_LIMIT_BYTES) {
    throw strange(place, `answered with more than ${ANSWER_LIMIT_BYTES / 1024 / 1024} MiB`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
