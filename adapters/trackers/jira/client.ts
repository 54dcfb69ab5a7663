// Requests to Jira: whole, checked answers or a TrackerError. Every one passes the governor. What is idempotent is
// tried again a few times when the wait is short; a write that was sent is never sent again, because a lost answer
// does not say that it had no effect. Credentials go to the API base and nowhere else.
import type { Dispatcher } from 'undici';
import type { ZodType } from 'zod';
import type { Throttle } from '../../../src/contract/tracker-capabilities.ts';
import { TrackerError } from '../../../src/contract/tracker.ts';
import { ApiBase } from './api-base.ts';
import { failureOf, isTlsCode, notSentFailure, wireFailure, type CallPlace } from './errors.ts';
import { systemClock, type Clock } from './governor/clock.ts';
import type { Governor } from './governor/governor.ts';
import { NotSent } from './governor/not-sent.ts';
import { pauseMs } from './governor/pause.ts';
import { readAnswer } from './http/answer-body.ts';
import { connections } from './http/connections.ts';
import { exchange, WireProblem, type WireAnswer } from './http/exchange.ts';
import { queryString, routeOf, type Query } from './http/path.ts';
import { readHttpDate, readRetryAfter } from './http/retry-after.ts';
import type { JiraSettings } from './settings.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

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
  /** Whether it may be sent again after a lost answer, a 429 or a 5xx. Default: reads may, writes may not. */
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
  /** Jira's clock less ours, from `Date`, which has whole seconds; null when not given. */
  readonly clockAheadMs: number | null;
}

export interface JiraClientOptions {
  readonly settings: Pick<JiraSettings, 'browseBase' | 'apiBase' | 'credentials' | 'userAgent'>;
  readonly governor: Governor;
  readonly dispatcher?: Dispatcher;
  readonly clock?: Clock;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
  /** For one exchange, from connecting to the last byte. */
  readonly timeoutMs?: number;
  /** Where the gateway is; tests have their own. */
  readonly gateway?: string;
}

/** The seed's. */
const defaultTimeoutMs = 30_000;
/** The first one and two more. */
const triesOfReads = 3;
/** Longer waits are the caller's: it has other things to do meanwhile. */
const longestWaitMs = 5_000;

export class JiraClient {
  readonly #options: JiraClientOptions;
  readonly #clock: Clock;
  readonly #apiBase: ApiBase;

  constructor(options: JiraClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { apiBase, browseBase } = options.settings;
    this.#apiBase = new ApiBase(apiBase, options.gateway, async (call) => {
      const { value } = await this.#ask(call, browseBase, false);
      return value;
    });
  }

  /** The checked body of a 2xx answer. Throws TrackerError, or the signal's reason. */
  async request<T>(request: JiraRequest<T>): Promise<T> {
    return (await this.answer(request)).value;
  }

  /** As `request`, with what the doctor looks at. */
  async answer<T>(request: JiraRequest<T>): Promise<JiraAnswer<T>> {
    return await this.#ask(request, await this.apiBase(request.signal), true);
  }

  /** For answers without a body (204); what comes is read and thrown away. Throws like `request`. */
  async send(call: JiraCall): Promise<void> {
    await this.#deliver(call, await this.apiBase(call.signal), true);
  }

  throttles(): readonly Throttle[] {
    return this.#options.governor.throttles();
  }

  /** Where requests go: the site, `jira.api_base`, or the gateway (the site is asked when `cloud_id` is `auto`). */
  async apiBase(signal: AbortSignal): Promise<string> {
    return await this.#apiBase.get(signal);
  }

  async #ask<T>(request: JiraRequest<T>, base: string, asUs: boolean): Promise<JiraAnswer<T>> {
    const answer = await this.#deliver(request, base, asUs);
    const { status, headers } = answer;
    const at = readHttpDate(String(headers.date ?? ''));
    return {
      value: readAnswer(this.#placeOf(request, false), answer, request.schema),
      status,
      clockAheadMs: at === null ? null : at - this.#clock.wallMs(),
    };
  }

  /** A 2xx answer. */
  async #deliver(call: JiraCall, base: string, asUs: boolean): Promise<WireAnswer> {
    const access = accessOf(call);
    const mayRepeat = call.idempotent ?? access === 'read';
    let place = this.#placeOf(call, false);
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#attempt(call, place, base, asUs, tries);
      if (outcome.kind === 'answer') return outcome.answer;
      const { error, repeatAfterMs } = outcome;
      place = this.#placeOf(call, error.applied === 'unknown');
      call.signal.throwIfAborted();
      if (!mayRepeat || tries >= triesOfReads || repeatAfterMs === null || repeatAfterMs > longestWaitMs) {
        throw error;
      }
      // A pause that Jira asked for is kept by the governor, which lets the next try out when it is over.
      if (error instanceof TrackerError && error.retryAfterMs === undefined) {
        await pauseMs(this.#clock, repeatAfterMs, call.signal);
      }
    }
  }

  async #attempt(
    call: JiraCall,
    place: CallPlace,
    base: string,
    asUs: boolean,
    tries: number,
  ): Promise<Outcome> {
    const { governor, settings, timeoutMs = defaultTimeoutMs, dispatcher = connections() } = this.#options;
    const subject = { access: accessOf(call), route: routeOf(call.method, call.path), issueId: call.issueId };
    const { authorization } = settings.credentials;
    try {
      return await governor.run({ ...subject, signal: call.signal }, async () => {
        const answer = await exchange(dispatcher, {
          url: `${base}${call.path}${queryString(call.query ?? {})}`,
          method: call.method,
          headers: {
            ...(asUs ? { authorization } : {}),
            'user-agent': settings.userAgent,
            accept: 'application/json',
            'content-type': 'application/json',
          },
          body: call.body === undefined ? null : JSON.stringify(call.body),
          timeoutMs,
          signal: call.signal,
        });
        // Still inside of the governor's turn: nobody may be let out before the pause is known.
        const waitMs = this.#heedThrottle(subject, answer);
        const error = failureOf(place, answer, waitMs);
        if (error === null) return { kind: 'answer', answer };
        const passing = answer.status >= 500 || answer.status === 429;
        const repeatAfterMs = passing ? (waitMs ?? this.#backoffMs(tries)) : null;
        return {
          kind: 'failure',
          error,
          repeatAfterMs: error.kind === 'tracker_auth_error' ? null : repeatAfterMs,
        };
      });
    } catch (problem) {
      if (problem instanceof NotSent) {
        return { kind: 'failure', error: notSentFailure(place, problem), repeatAfterMs: null };
      }
      if (!(problem instanceof WireProblem)) throw problem;
      // A time-out has taken its 30 s already, and a wrong certificate stays wrong.
      const passing = problem.reason === 'transport' && !isTlsCode(problem.code);
      const error = wireFailure(place, problem, tries);
      return { kind: 'failure', error, repeatAfterMs: passing ? this.#backoffMs(tries) : null };
    }
  }

  /** For how long the scope of this answer waits; undefined when it asks for nothing. */
  #heedThrottle(
    subject: { route: string; issueId: string | undefined },
    answer: WireAnswer,
  ): number | undefined {
    const { status, headers } = answer;
    if (status !== 429 && status !== 503) return undefined;
    const retryAfterMs = readRetryAfter(headers['retry-after'], headers.date, this.#clock.wallMs());
    if (status === 503 && retryAfterMs === null) return undefined;
    const reason = String(headers['ratelimit-reason'] ?? '')
      .replace(/[^\w.-]/g, '')
      .slice(0, 64);
    return this.#options.governor.slowDown({ ...subject, reason, retryAfterMs });
  }

  #backoffMs(tries: number): number {
    const random = this.#options.random ?? Math.random;
    return 250 * 2 ** tries * (0.5 + random());
  }

  #placeOf(call: JiraCall, repeated: boolean): CallPlace {
    const { method, path } = call;
    const effect = accessOf(call) === 'read' ? 'none' : repeated ? 'repeated_write' : 'write';
    return { method, path, secrets: this.#options.settings.credentials.secrets, effect };
  }
}

function accessOf({ access, method }: JiraCall): 'read' | 'write' {
  return access ?? (method === 'GET' ? 'read' : 'write');
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  /** `repeatAfterMs` null = trying again would not help. */
  | { readonly kind: 'failure'; readonly error: TrackerError; readonly repeatAfterMs: number | null };
