// Messages to people outside: a closed catalogue of events, and one durable row for each message and destination. The
// core decides that one is due, in the same write as the fact it is about; a shell delivers it later.

/** Stable names, a closed list. Each is sent once for each entry into the state that it names. */
export const NOTIFICATION_EVENTS = [
  'issue_parked',
  'run_finished',
  'budget_reached',
  'agent_paused',
  'breaker_open',
  'preflight_failed',
  'drained',
  /** A proposal waits for a person. */
  'approval_waiting',
  /** An agent has something to say (`notify_operator`). */
  'agent_message',
  /** The audit log is not what its head says. */
  'audit_broken',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export interface NotificationSettings {
  /** Unique; people's word for the destination. */
  readonly name: string;
  readonly kind: 'webhook' | 'slack';
  /** https, or http on loopback. Secret: a Slack URL is a credential. */
  readonly url: string;
  /** Signs what a `webhook` is sent; "" = unsigned. */
  readonly secret: string;
  readonly events: readonly NotificationEvent[];
}

/** What a message is about; every text is one line. */
export interface NotificationFacts {
  readonly event: NotificationEvent;
  readonly atMs: number;
  /** One sentence for people. */
  readonly summary: string;
  /** "" when all is said. */
  readonly detail: string;
  readonly issueId: string | null;
  readonly issueIdentifier: string | null;
  readonly issueTitle: string | null;
  /** "" when the tracker gives none, or it is not known. */
  readonly issueUrl: string;
  readonly runId: string | null;
  /** The park's reason, the run's status, the agent kind…; "" where there is none. */
  readonly code: string;
}

/** Queued for one destination. The same id is never queued twice, delivered or not. */
export interface StoredNotification extends NotificationFacts {
  /** `<event>:<what it is about>:<destination>`. */
  readonly id: string;
  readonly destination: string;
}

/** As the store holds it between two tries. */
export interface QueuedNotification extends StoredNotification {
  /** Tries that failed. */
  readonly failures: number;
  readonly dueAtMs: number;
  readonly lastError: string;
}

/** The store's side of the queue. */
export interface NotificationQueue {
  /** Due and undelivered, oldest first. */
  due(nowMs: number, limit: number): Promise<readonly QueuedNotification[]>;
  /** When the next one is due; null = nothing waits. */
  nextDueMs(): Promise<number | null>;
  delivered(id: string, atMs: number): Promise<void>;
  /** `dueAtMs` null = given up. */
  failed(id: string, failure: { readonly error: string; readonly dueAtMs: number | null }): Promise<void>;
}
