// The seed's error table: what became of a request → the TrackerError that callers decide by. By status and headers
// only, never by the text, which Jira translates. No message holds a credential or more than one line.
import { TrackerError, type TrackerErrorKind } from '../../../src/contract/tracker.ts';
import { oneLine, textOfBody } from './http/body-text.ts';
import type { WireAnswer, WireProblem } from './http/exchange.ts';
import type { NotSent } from './governor/not-sent.ts';

/** What a message says about where it happened, and what it must not say. */
export interface CallPlace {
  readonly method: string;
  /** Without query and without the gateway's prefix. */
  readonly path: string;
  readonly secrets: readonly string[];
  /**
   * `write`: it would have changed something, and this is its first try or all before surely came to nothing.
   * `repeated_write`: an earlier try may have been applied, so whatever becomes of this one, that is not known.
   */
  readonly effect: 'none' | 'write' | 'repeated_write';
}

/** An answer that is a failure; null = it is none. `retryAfterMs`: for how long its scope now waits. */
export function failureOf(
  place: CallPlace,
  answer: WireAnswer,
  retryAfterMs: number | undefined,
): TrackerError | null {
  const { status } = answer;
  const arrived = mayHaveEffect(status);
  const login = loginProblem(answer);
  if (login !== null) return error(place, 'tracker_auth_error', `${status} (${login})`, { arrived });
  if (status >= 200 && status < 300) return null;
  const note = noteOf(place, answer);
  const said = textOfBody(answer.body, place.secrets);
  const detail = `${status}${note === '' ? '' : ` (${note})`}${said === '' ? '' : `: ${said}`}`;
  return error(place, kindOf(status), detail, { retryAfterMs, arrived });
}

/** A refusal has none. Behind a 5xx, also one with Retry-After, and behind a 408, something may have been done. */
function mayHaveEffect(status: number): boolean {
  return status >= 500 || status === 408 || (status >= 200 && status < 300);
}

function kindOf(status: number): TrackerErrorKind {
  if (status === 400) return 'tracker_payload_error';
  if (status === 401 || status === 403) return 'tracker_auth_error';
  if (status === 404) return 'tracker_not_found';
  return status >= 500 ? 'tracker_transport_error' : 'tracker_api_error';
}

/** Jira tells here that it takes us for nobody, also with 200 and no issues, or 404. "OK" and absent say nothing. */
function loginProblem({ headers }: WireAnswer): string | null {
  const reason = String(headers['x-seraph-loginreason'] ?? '').toUpperCase();
  if (reason.includes('AUTHENTICATION_DENIED')) {
    // The seed's words.
    return 'CAPTCHA challenge triggered — log in via browser to resolve';
  }
  if (!reason.includes('AUTHENTICATED_FAILED')) return null;
  return 'Jira does not accept the credentials: the API token is wrong, expired or revoked, or is one with scopes, which needs jira.cloud_id — correct tracker.api_key';
}

function noteOf({ secrets }: CallPlace, { status, headers }: WireAnswer): string {
  const retryAfter = oneLine(String(headers['retry-after'] ?? ''), secrets, 64);
  const wait = retryAfter === '' ? '' : `Retry-After: ${retryAfter}`;
  if (status === 429) {
    const reason = oneLine(String(headers['ratelimit-reason'] ?? ''), secrets, 64);
    return ['rate limited', reason, wait].filter((part) => part !== '').join(', ');
  }
  if (status >= 300 && status < 400) {
    return `redirects to ${redirectTarget(String(headers.location ?? ''))}, which is never followed; correct tracker.endpoint`;
  }
  if (status === 401) return 'wrong or expired API token — correct tracker.api_key';
  if (status === 403) return 'the account lacks a permission or the token a scope';
  return wait;
}

/** Its origin only: the rest may hold anything. */
function redirectTarget(location: string): string {
  if (URL.canParse(location)) {
    const url = new URL(location);
    return oneLine(url.origin === 'null' ? url.protocol : url.origin, [], 200);
  }
  return location === '' ? 'nowhere' : 'another path of the same site';
}

/** No answer, or one that could not be taken. */
export function wireFailure(place: CallPlace, problem: WireProblem, tries: number): TrackerError {
  const often = tries > 1 ? ` (tried ${tries} times)` : '';
  const kind =
    problem.reason === 'too_large' || problem.reason === 'encoding'
      ? 'tracker_payload_error'
      : 'tracker_transport_error';
  const text = problem.reason === 'transport' ? transportText(problem) : problem.message;
  const arrived = problem.reason !== 'transport' || !isBeforeSending(problem);
  return error(place, kind, `${oneLine(text, place.secrets)}${often}`, { cause: problem, arrived });
}

/** There was no connection, so nothing went over it. What cannot be told apart from a later break is not among them. */
function isBeforeSending({ code, cause }: WireProblem): boolean {
  if (neverConnected.has(code) || (isTlsCode(code) && code !== 'EPROTO')) return true;
  // ETIMEDOUT and EHOSTUNREACH come from connecting and from open connections alike.
  const { syscall } = (cause ?? {}) as { readonly syscall?: unknown };
  return syscall === 'connect';
}

const neverConnected: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function transportText({ code, message }: WireProblem): string {
  const known = transportTexts[code];
  if (known !== undefined) return `${known} (${code})`;
  if (isTlsCode(code)) return `the secure connection failed: ${message} (${code})`;
  return code === '' ? `the connection failed: ${message}` : `the connection failed: ${message} (${code})`;
}

const transportTexts: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host is not known; correct tracker.endpoint or the name service',
  EAI_AGAIN: 'the name service does not answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection broke before the answer was complete',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** A certificate that is wrong now is wrong in a second, too. */
export function isTlsCode(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/.test(
    code,
  );
}

export function notSentFailure(place: CallPlace, problem: NotSent): TrackerError {
  const { retryAfterMs } = problem;
  return error(place, 'tracker_api_error', `not sent: ${problem.message}`, { retryAfterMs, cause: problem });
}

/** A 2xx whose body is not what was asked for. */
export function payloadFailure(
  place: CallPlace,
  status: number,
  what: string,
  cause?: unknown,
): TrackerError {
  return error(place, 'tracker_payload_error', `${status}: ${oneLine(what, place.secrets)}`, {
    cause,
    arrived: true,
  });
}

function error(
  { method, path, effect }: CallPlace,
  kind: TrackerErrorKind,
  detail: string,
  {
    arrived = false,
    ...more
  }: { retryAfterMs?: number | undefined; cause?: unknown; arrived?: boolean } = {},
): TrackerError {
  const unknown = effect === 'repeated_write' || (effect === 'write' && arrived);
  return new TrackerError({ kind, method, path, detail, applied: unknown ? 'unknown' : 'no', ...more });
}
