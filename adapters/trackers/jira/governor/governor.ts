// Signatures first; the body follows.
import type { Throttle } from '../../../../src/contract/tracker-capabilities.ts';
import type { Clock } from './clock.ts';

export interface GovernorOptions {
  readonly clock?: Clock;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  readonly warn?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly readsAtOnce?: number;
  /** Reads and writes together; what it has above `readsAtOnce` is kept for writes. */
  readonly requestsAtOnce?: number;
  readonly queueLimit?: number;
  /** A request that would have to wait longer for a throttle is refused at once. */
  readonly patienceMs?: number;
}

/** One request, before it is sent. */
export interface Job {
  readonly access: 'read' | 'write';
  /** Method and path with its ids taken out, e.g. `GET /rest/api/3/issue/{id}`. */
  readonly route: string;
  /** Writes of one issue go one after the other. */
  readonly issueId?: string | undefined;
  readonly signal: AbortSignal;
}

/** Jira asked for a pause that is too long to sit out, or too many requests wait already; nothing was sent. */
export declare class NotSent extends Error {
  readonly throttle: Throttle | null;
  readonly retryAfterMs: number | undefined;
}

export interface SlowDown {
  readonly route: string;
  readonly issueId?: string | undefined;
  /** As `RateLimit-Reason` gave it; "" = not given. */
  readonly reason: string;
  /** null = not given, or not understood. */
  readonly retryAfterMs: number | null;
}

export declare class Governor {
  constructor(options?: GovernorOptions);
  /** Sends when it is this job's turn. Throws NotSent, the signal's reason, or what `send` throws. */
  run<T>(job: Job, send: () => Promise<T>): Promise<T>;
  /** Jira answered that it wants less. Returns for how long the scope now waits (floor, jitter and cap included). */
  slowDown(answer: SlowDown): number;
  throttles(): readonly Throttle[];
  /** After a reload: the newest adapter speaks. */
  speakThrough(warn: NonNullable<GovernorOptions['warn']>): void;
}
