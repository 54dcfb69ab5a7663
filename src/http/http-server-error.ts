// Why the HTTP server does not run. The composition root decides what follows: a default port that is taken
// is a warning, one that somebody asked for ends the start.

export type HttpServerErrorKind = 'port_in_use' | 'socket_in_use' | 'listen_failed' | 'token_missing';

/** One line: what is wrong, where, what to do. */
export class HttpServerError extends Error {
  override readonly name = 'HttpServerError';
  readonly kind: HttpServerErrorKind;

  constructor(kind: HttpServerErrorKind, detail: string, cause?: unknown) {
    super(`http: ${kind}: ${detail}`, { cause });
    this.kind = kind;
  }
}
