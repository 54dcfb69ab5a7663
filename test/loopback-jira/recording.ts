// What the server remembers of each request, and what became of it. Bodies are kept as they came.
import type { IncomingHttpHeaders } from 'node:http';

export interface RecordedRequest {
  /** From 1, in order of arrival. */
  readonly number: number;
  readonly atMs: number;
  readonly method: string;
  /** `other`: neither API, e.g. `/_edge/tenant_info`. */
  readonly base: 'site' | 'gateway' | 'other';
  /** Below /rest/api/3; the whole path when the base is `other`. */
  readonly path: string;
  /** As it was sent, with the query. */
  readonly url: string;
  /** e.g. `GET /issue/{issueIdOrKey}`; null for a path that the loopback does not know. */
  readonly endpoint: string | null;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
  /** Null until it is answered, and for ever when the connection was cut first. */
  status: number | null;
  /** Whether the route ran to its end: for a write, whether the site was changed. */
  applied: boolean;
  /** What it did that Atlassian's description does not allow. */
  violation: string | null;
  /** The kind of the fault that it met. */
  fault: string | null;
}
