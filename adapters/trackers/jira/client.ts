// Signatures first; the body follows.
import type { ZodType } from 'zod';
import type { Throttle } from '../../../src/contract/tracker-capabilities.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface JiraCall {
  readonly method: Method;
  /** From `/rest/…` on, its segments encoded (`segment()`), without a query. Messages show it as it is. */
  readonly path: string;
  /** A list is sent as one parameter an element; `undefined` is left out. */
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default: `read` for GET, else `write`. A search by POST is a `read`. */
  readonly access?: 'read' | 'write';
  /** Whether it may be sent again when no answer came, or a 429 or 5xx. Default: what `access` read says. */
  readonly idempotent?: boolean;
  /** The issue that a write changes: its writes go one by one. */
  readonly issueId?: string;
  readonly signal: AbortSignal;
}

export interface JiraRequest<T> extends JiraCall {
  /** What of the answer is needed; unknown properties are ignored. */
  readonly schema: ZodType<T>;
}

export interface JiraAnswer<T> {
  readonly value: T;
  readonly status: number;
  /** Jira's clock less ours, from `Date`; null when not given. Whole seconds. */
  readonly clockAheadMs: number | null;
}

/** Throws TrackerError, or the signal's reason. */
export declare class JiraClient {
  /** The checked body of a 2xx answer. */
  request<T>(request: JiraRequest<T>): Promise<T>;
  /** For answers without a body (204); what comes is read and thrown away. */
  send(call: JiraCall): Promise<void>;
  /** As `request`, with what the doctor looks at. */
  answer<T>(request: JiraRequest<T>): Promise<JiraAnswer<T>>;
  throttles(): readonly Throttle[];
  /** Where requests go: the site, `jira.api_base`, or the gateway (asks for the cloud id when it is `auto`). */
  apiBase(signal: AbortSignal): Promise<string>;
}
