// One request and its whole answer, in bytes. The time limit is for everything, from the connection to the last byte,
// so that a drip-fed body ends like a silent one; sizes are limited as they arrive, and again when unpacked. It knows
// no Jira, follows no redirect, repeats nothing, and always lets the socket go.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { unpack } from './content-encoding.ts';

export interface WireRequest {
  /** Absolute. */
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked. Of an answer other than 2xx only the beginning (`errorBodyLimitBytes`). */
  readonly body: Buffer;
}

export type WireReason =
  /** No connection, or it broke: DNS, TCP, TLS, reset, not HTTP. */
  | 'transport'
  | 'timeout'
  /** A 2xx body over the limit, packed or unpacked. */
  | 'too_large'
  /** A 2xx body that does not unpack. */
  | 'encoding';

/** Why there is no answer. `cause` is undici's or zlib's error. */
export class WireProblem extends Error {
  override readonly name = 'WireProblem';
  readonly reason: WireReason;
  /** `ECONNRESET` and the like; "" = none known. */
  readonly code: string;

  constructor(reason: WireReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.code = codeOf(cause);
  }
}

/** 50 issues with the longest descriptions that Jira holds stay well below. */
export const bodyLimitBytes = 10_000_000;
/** Enough to understand the JSON of an error; its text is cut to 512 bytes later. */
const errorBodyLimitBytes = 65_536;

/** Throws WireProblem, or the signal's reason. */
export async function exchange(dispatcher: Dispatcher, request: WireRequest): Promise<WireAnswer> {
  const { signal, timeoutMs } = request;
  signal.throwIfAborted();
  const cut = new AbortController();
  let timedOut = false;
  const onAbort = (): void => {
    cut.abort();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    cut.abort();
  }, timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await converse(dispatcher, request, cut.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (timedOut) throw new WireProblem('timeout', `no complete answer within ${timeoutMs / 1000} s`, error);
    throw error instanceof WireProblem ? error : new WireProblem('transport', messageOf(error), error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function converse(
  dispatcher: Dispatcher,
  { url, method, headers, body, timeoutMs }: WireRequest,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const { origin, pathname, search } = new URL(url);
  const response = await dispatcher.request({
    origin,
    path: pathname + search,
    method,
    headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' },
    body,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const { statusCode: status } = response;
  const wanted = status >= 200 && status < 300;
  const limit = wanted ? bodyLimitBytes : errorBodyLimitBytes;
  const packed = await readBody(response.body, limit, wanted);
  const unpacked = await unpack(packed, response.headers['content-encoding'], limit);
  if (!wanted) return { status, headers: response.headers, body: unpacked.bytes };
  if (unpacked.problem === 'too_large') throw tooLarge(limit);
  if (unpacked.problem !== null) throw new WireProblem('encoding', unpacked.problem, unpacked.cause);
  return { status, headers: response.headers, body: unpacked.bytes };
}

/** Leaving the loop early destroys the body, and with it the socket. */
async function readBody(body: AsyncIterable<Buffer>, limit: number, wanted: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit && wanted) throw tooLarge(limit);
      chunks.push(chunk);
      if (size > limit) break;
    }
  } catch (error) {
    // The status of a failure is known by now; a body that breaks off takes nothing from it.
    if (wanted) throw error;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

function tooLarge(limit: number): WireProblem {
  return new WireProblem('too_large', `the answer is larger than ${limit} bytes`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first system code in the error, its parts (several addresses were tried) and its causes. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return '';
  if (error instanceof AggregateError) {
    const inner = error.errors.map((one) => codeOf(one, depth + 1)).find((code) => code !== '');
    if (inner !== undefined) return inner;
  }
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return own !== '' ? own : codeOf(error.cause, depth + 1);
}
