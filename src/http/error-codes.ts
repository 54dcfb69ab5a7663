// Every way in which a request can fail, in one table: the code that scripts read, its status, and what it
// means for docs/http-api.md and the OpenAPI document. A code never changes its meaning.

interface ErrorCodeFacts {
  readonly status: number;
  readonly meaning: string;
}

export const errorCodes = {
  invalid_request: { status: 400, meaning: 'The path, the query or the body is not what this route takes.' },
  unauthorized: {
    status: 401,
    meaning:
      'Off loopback or through a proxy: no `Authorization: Bearer` and no session, or a wrong one. With `server.users` a token that is nobody’s, anywhere.',
  },
  cross_origin_refused: { status: 403, meaning: 'Sent by the page of another site.' },
  webhook_refused: {
    status: 403,
    meaning: 'A webhook whose signature is missing or does not fit the body.',
  },
  agent_refused: {
    status: 403,
    meaning:
      'A write that comes from a process of a run, or from one that did not wait for the answer: agents ask by their tools, people decide here.',
  },
  not_in_group: { status: 403, meaning: 'Who may decide is in a group that the caller is not in.' },
  not_found: { status: 404, meaning: 'There is nothing at this path.' },
  issue_not_found: { status: 404, meaning: 'Neither the daemon nor its history knows this identifier.' },
  run_not_found: { status: 404, meaning: 'No transcript, or no prompts, of this run are kept.' },
  approval_not_found: { status: 404, meaning: 'There is no proposal of this id.' },
  tools_off: { status: 404, meaning: 'This server was started without the daemon’s tools.' },
  method_not_allowed: { status: 405, meaning: 'The path exists; `Allow` names its methods.' },
  request_timeout: { status: 408, meaning: 'The request did not arrive in time.' },
  draining: { status: 409, meaning: 'The daemon is shutting down and starts nothing any more.' },
  already_decided: {
    status: 409,
    meaning: 'The proposal was decided before, or has expired; the message says how, by whom and when.',
  },
  invalid_state: {
    status: 409,
    meaning:
      'The word makes no sense in the state that things are in; the message says which and what would.',
  },
  payload_too_large: { status: 413, meaning: 'The body is larger than the server takes.' },
  uri_too_long: { status: 414, meaning: 'The identifier is longer than the server takes.' },
  unsupported_media_type: { status: 415, meaning: 'A write needs `Content-Type: application/json`.' },
  host_not_allowed: {
    status: 421,
    meaning: 'The Host header is no IP address, not `localhost` and not in `server.allowed_hosts`.',
  },
  policy_denied: {
    status: 422,
    meaning: 'The policy denies what the proposal was edited into; it still waits.',
  },
  invalid_details: {
    status: 422,
    meaning: 'The details are not what this operation takes; the message names the field.',
  },
  too_many_logins: {
    status: 429,
    meaning: 'Too many wrong tokens from this address; `Retry-After` says how long to wait.',
  },
  headers_too_large: {
    status: 431,
    meaning: 'The request line and headers are larger than the server takes.',
  },
  internal_error: { status: 500, meaning: 'Something broke; the log says what.' },
  tracker_failed: { status: 502, meaning: 'The tracker had to be asked and did not answer.' },
  store_failed: { status: 503, meaning: 'The word could not be made durable; nothing was changed.' },
  snapshot_unavailable: { status: 503, meaning: 'The daemon is still recovering; try again in a moment.' },
  too_many_streams: { status: 503, meaning: 'The limit of open event streams is reached.' },
} as const satisfies Readonly<Record<string, ErrorCodeFacts>>;

export type ErrorCode = keyof typeof errorCodes;

/** What a guard or a handler throws to answer with an error; the message is shown to the caller. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export function errorBody(code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message } };
}
