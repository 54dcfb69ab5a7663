// What can go wrong between a command and the daemon, as one line for people. No line holds a token.

import { messageOf } from '../command-line.ts';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** The API's code; "" when no answer of a Sortie came. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** While a daemon restarts, or a proxy in front of it waits for it; anything else would be refused again. */
const PASSING = new Set(['', 'snapshot_unavailable', 'too_many_streams', 'internal_error', 'store_failed']);

/** Whether it may go well if it is tried again. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof ClientError) || PASSING.has(error.code);
}

export function unreachable(place: string, from: string, error: unknown): ClientError {
  const text = `no daemon answers at ${place} (${from}): ${reasonOf(error)}; start one with \`sortie\`, or name it with --url`;
  return new ClientError('', text, error);
}

/** In the middle of an answer. */
export function lost(place: string, error: unknown): ClientError {
  return new ClientError('', `the connection to ${place} was lost: ${reasonOf(error)}; try again`, error);
}

/** Not what a Sortie of this version says. */
export function strange(place: string, what: string, cause?: unknown): ClientError {
  return new ClientError('', `${place} ${what}: is that a Sortie daemon, of this version?`, cause);
}

export function refusal(answer: {
  readonly status: number;
  readonly text: string;
  readonly asked: string;
  readonly place: string;
  readonly hadToken: boolean;
}): ClientError {
  const { status, place } = answer;
  if (status === 401) {
    const what = answer.hadToken ? 'refuses the token that it was sent' : 'wants a token';
    return new ClientError(
      'unauthorized',
      `${place} ${what}: set SORTIE_SERVER_TOKEN to its server.token or to your own`,
    );
  }
  const error = errorOf(answer.text);
  if (error !== null) return new ClientError(error.code, error.message);
  return strange(place, `answered ${answer.asked} with ${status}`);
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

/** Several addresses that all refused give an error without words. */
function reasonOf(error: unknown): string {
  return messageOf(error) || ((error as NodeJS.ErrnoException).code ?? 'no answer');
}
