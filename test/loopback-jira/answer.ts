// What a route gives back, and the refusals that end one early. No sockets here: sending is another's job.
// Error bodies are made where the language is known, so an error carries messages, not sentences.
import type { Message } from './messages.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent means no body. */
  readonly body?: unknown;
  /** Sent as it stands, in place of a body: what is no JSON. */
  readonly text?: string;
}

interface Details {
  readonly messages?: readonly Message[];
  /** By field. */
  readonly errors?: Readonly<Record<string, Message>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the request did that Atlassian's description does not allow; null when it is only unlucky. */
  readonly violation?: string | null;
  readonly body?: unknown;
}

/** A refusal, as Jira words it. */
export class JiraError extends Error {
  readonly status: number;
  readonly messages: readonly Message[];
  readonly errors: Readonly<Record<string, Message>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly violation: string | null;
  readonly body: unknown;

  constructor(status: number, details: Details) {
    super(`${status}${details.violation == null ? '' : `: ${details.violation}`}`);
    this.name = 'JiraError';
    this.status = status;
    this.messages = details.messages ?? [];
    this.errors = details.errors ?? {};
    this.headers = details.headers ?? {};
    this.violation = details.violation ?? null;
    this.body = details.body;
  }
}

/** A 400 for something that the description lacks: also kept in `violations`, for tests to look at. */
export function violation(text: string, said: Message): JiraError {
  return new JiraError(400, { messages: [said], violation: text });
}
