// Why the governor did not let a request out. The caller may be sure that Jira never saw it.

export class NotSent extends Error {
  override readonly name = 'NotSent';
  /** How long the pause still lasts; undefined when there is none (too many requests wait). */
  readonly retryAfterMs: number | undefined;

  /** `message` is one line. */
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
