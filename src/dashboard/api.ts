// Calls to the daemon. Every failure is an ApiFailure with one line for people; an answer that says "sign in"
// leads to the login page, whoever asked.

import { navigate, path } from './router.ts';
import type { ErrorAnswer } from './wire.ts';

export class ApiFailure extends Error {
  /** The daemon's code, or `offline` when it did not answer, or `unreadable`. */
  readonly code: string;
  /** 0 when there was no answer. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.status = status;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The answer's JSON. Throws ApiFailure; an abort passes through as it is. */
export async function request<T>(url: string, options: RequestOptions = {}): Promise<T> {
  const { answer, text } = await send(url, options);
  const body = parse(text);
  if (answer.ok) {
    if (text !== '' && body === undefined) {
      throw new ApiFailure('unreadable', answer.status, `The answer of ${url} is not JSON.`);
    }
    return body as T;
  }
  if (answer.status === 401 && path.value !== '/login') signIn();
  const error = (body as Partial<ErrorAnswer> | undefined)?.error;
  const message = error?.message ?? `The daemon answered ${answer.status} to ${url}.`;
  throw new ApiFailure(error?.code ?? 'unreadable', answer.status, message);
}

export function post<T>(url: string, body: unknown): Promise<T> {
  return request<T>(url, { method: 'POST', body });
}

/** To the login page, and from there back to where the reader is. */
export function signIn(): void {
  const back = location.pathname + location.search;
  navigate(back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`);
}

interface Sent {
  readonly answer: Response;
  readonly text: string;
}

/** With the whole of the answer: one that breaks off is none. */
async function send(url: string, { method = 'GET', body, signal }: RequestOptions): Promise<Sent> {
  try {
    const answer = await fetch(url, {
      method,
      headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
      ...(signal !== undefined && { signal }),
    });
    return { answer, text: await answer.text() };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    // A word whose answer was lost may have been obeyed.
    const message =
      method === 'POST'
        ? 'No answer came; look at the state before you say it again.'
        : 'The daemon does not answer.';
    throw new ApiFailure('offline', 0, message);
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
