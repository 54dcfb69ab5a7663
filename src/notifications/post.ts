// One POST and the beginning of its answer. One time limit for everything, by the clock that is handed in; no redirect
// is followed, nothing is repeated, and the socket is always let go. Errors say what went wrong and never where to: the
// address is a secret.

import type { Dispatcher } from 'undici';
import type { NotifierClock } from './ports.ts';

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostLimits {
  readonly clock: NotifierClock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type PostAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | string[] | undefined;
      /** At most 4 KiB of what it said. */
      readonly text: string;
    }
  /** No answer: it may have arrived or not. One line, without the address. */
  | { readonly kind: 'failed'; readonly error: string }
  /** The caller's signal. */
  | { readonly kind: 'aborted' };

const ANSWER_BYTES = 4096;

/** Never rejects. */
export async function post(
  dispatcher: Dispatcher,
  { url, headers, body }: PostRequest,
  { clock, timeoutMs, signal }: PostLimits,
): Promise<PostAnswer> {
  if (signal.aborted) return { kind: 'aborted' };
  const limit = new AbortController();
  const stopTimer = clock.after(timeoutMs, () => limit.abort());
  try {
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { ...headers },
      body,
      signal: AbortSignal.any([signal, limit.signal]),
      // One limit, ours.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const text = await beginningOf(answer.body);
    return {
      kind: 'answered',
      status: answer.statusCode,
      retryAfter: answer.headers['retry-after'],
      text,
    };
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' };
    if (limit.signal.aborted) return { kind: 'failed', error: `no answer within ${timeoutMs / 1000} s` };
    return { kind: 'failed', error: `not sent: ${codeOf(error)}` };
  } finally {
    stopTimer();
  }
}

/** The status is known by now: a body that breaks off, or never ends, takes nothing from it. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop destroys the body, and with it the socket.
      if (size >= ANSWER_BYTES) break;
    }
  } catch {
    // What came is enough.
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString('utf8');
}

/** The first system code in the error, its parts (several addresses were tried) and its causes; messages may hold more. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return 'unknown error';
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (own !== '') return own;
  const [inner = error.cause] = parts;
  return inner === undefined ? error.name : codeOf(inner, depth + 1);
}
