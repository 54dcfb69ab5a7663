// The one way to the tracker: every request is counted, and after a Retry-After every later one waits. The core
// does not look at a tracker that asked for peace; workers and writers, which must have their answer, wait here. An
// adapter that says its throttles keeps them itself, and knows better than we which requests must wait.

import {
  canSayThrottles,
  canStreamCandidates,
  TrackerError,
  type CandidateStreamCapability,
  type Issue,
  type TrackerAdapter,
} from '../contract/index.ts';
import type { Counters, TrackerOperation } from '../contract/counters.ts';
import type { Clock } from './ports.ts';
import { LONGEST_WAIT_MS } from './timers.ts';

export interface TrackerDoorParts {
  /** The one in force: a reload may make a new one with other credentials, never with other capabilities. */
  readonly adapter: () => TrackerAdapter;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'countTrackerRequest'>;
  /** Shared by the doors to one tracker: what one of them hears holds for all. */
  readonly peace: Peace;
  /**
   * `wait`: for those who must have their answer. `refuse`: for the core, whose ticks must go on; it is told when
   * to come again.
   */
  readonly whenThrottled: 'wait' | 'refuse';
}

/** Until when the tracker wants no requests; milliseconds since the epoch. */
export interface Peace {
  untilMs: number;
}

/** Every asking method, and what its requests are counted as. All take their signal last. */
const OPERATIONS: Readonly<Record<string, TrackerOperation>> = {
  fetchCandidateIssues: 'fetch_candidates',
  fetchIssueById: 'fetch_issue',
  fetchIssuesByStates: 'fetch_by_states',
  fetchIssueStatesByIds: 'fetch_states_by_ids',
  fetchIssueStatesByIdentifiers: 'fetch_states_by_identifiers',
  fetchIssueComments: 'fetch_comments',
  transitionIssue: 'transition',
  addComment: 'comment',
  editComment: 'comment',
  findOwnComment: 'comment',
  addLabels: 'label',
  removeLabels: 'label',
  updateIssue: 'update',
  assignIssue: 'assign',
  findUsers: 'assign',
  searchIssues: 'search',
  countIssuesByStates: 'count',
  fetchIssueByIdentifier: 'find_issue',
  isCandidate: 'test_candidate',
  discoverSchema: 'schema',
  getUser: 'directory',
  listProjects: 'directory',
  listTransitions: 'transitions',
  addKeyedComment: 'comment',
  findKeyedComment: 'comment',
  createKeyedIssue: 'create',
  findKeyedIssue: 'create',
  addWorklog: 'worklog',
  findWorklog: 'worklog',
  linkIssues: 'link',
  addWatcher: 'watch',
  readFields: 'fields',
};

/** Answer from memory, or are a conversation of their own: handed through as they are. */
const HANDED_THROUGH = ['throttles', 'webhookEnabled', 'takeWebhook', 'diagnose', 'tools'] as const;

/** How long a worker or a writer waits for one answer before it goes on without. */
const PATIENCE_MS = 120_000;
const TRIES_AGAIN = 2;

type AnyMethod = (...args: unknown[]) => unknown;
type Methods = Record<string, AnyMethod>;

/** Has the adapter's methods and capabilities and no others. */
export function createTrackerDoor(parts: TrackerDoorParts): TrackerAdapter {
  const { adapter, clock, counters, peace } = parts;

  async function pass<T>(
    operation: TrackerOperation,
    signal: AbortSignal,
    call: () => Promise<T>,
  ): Promise<T> {
    if (parts.whenThrottled === 'wait') await waitUntil(clock, () => peace.untilMs, signal);
    else refuseUntil(clock, peace, operation);
    signal.throwIfAborted();
    for (let again = 0; ; again += 1) {
      try {
        const value = await call();
        counters.countTrackerRequest(operation, 'success');
        return value;
      } catch (error) {
        counters.countTrackerRequest(operation, isAnswer(operation, error) ? 'success' : 'error');
        if (again < TRIES_AGAIN && isWorthWaiting(error)) {
          const dueAtMs = clock.nowMs() + error.retryAfterMs;
          await waitUntil(clock, () => dueAtMs, signal);
          signal.throwIfAborted();
          continue;
        }
        if (
          error instanceof TrackerError &&
          error.retryAfterMs !== undefined &&
          !canSayThrottles(adapter())
        ) {
          peace.untilMs = Math.max(peace.untilMs, clock.nowMs() + error.retryAfterMs);
        }
        throw error;
      }
    }
  }

  /** An adapter with throttles of its own refuses what would wait long; whoever must have an answer waits here. */
  function isWorthWaiting(error: unknown): error is TrackerError & { retryAfterMs: number } {
    if (parts.whenThrottled !== 'wait' || !canSayThrottles(adapter())) return false;
    // What may have been applied is never sent again here, Retry-After or not: its sender looks first.
    if (!(error instanceof TrackerError) || error.applied === 'unknown') return false;
    return (error.retryAfterMs ?? Infinity) <= PATIENCE_MS;
  }

  /** By name at each call, because a reload may have made another adapter. */
  function call(name: string, args: unknown[]): unknown {
    const current = adapter() as unknown as Methods;
    const method = current[name];
    if (method === undefined) throw new Error(`the tracker adapter lost ${name} in a reload`);
    return method.apply(current, args);
  }

  const offered = adapter() as unknown as Partial<Methods>;
  const door: Methods = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    if (typeof offered[name] !== 'function') continue;
    door[name] = (...args) =>
      pass(operation, args.at(-1) as AbortSignal, () => call(name, args) as Promise<unknown>);
  }
  for (const name of HANDED_THROUGH) {
    if (typeof offered[name] === 'function') door[name] = (...args) => call(name, args);
  }
  if (canStreamCandidates(adapter())) {
    door['streamCandidateIssues'] = (signal) =>
      streamThrough(
        (given) => call('streamCandidateIssues', [given]) as AsyncIterable<readonly Issue[]>,
        signal as AbortSignal,
        pass,
      );
  }
  return door as unknown as TrackerAdapter;
}

/** "There is no such issue" is what was asked. */
function isAnswer(operation: TrackerOperation, error: unknown): boolean {
  return operation === 'find_issue' && error instanceof TrackerError && error.kind === 'tracker_not_found';
}

async function* streamThrough(
  open: CandidateStreamCapability['streamCandidateIssues'],
  signal: AbortSignal,
  pass: <T>(operation: TrackerOperation, signal: AbortSignal, call: () => Promise<T>) => Promise<T>,
): AsyncGenerator<readonly Issue[]> {
  const pages = open(signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await pass('stream_candidates', signal, () => pages.next());
      if (page.done === true) return;
      yield page.value;
    }
  } finally {
    await pages.return?.();
  }
}

/** No request is made, so none is counted. */
function refuseUntil(clock: Clock, peace: Peace, operation: TrackerOperation): void {
  const retryAfterMs = peace.untilMs - clock.nowMs();
  if (retryAfterMs <= 0) return;
  throw new TrackerError({
    kind: 'tracker_api_error',
    method: operation,
    path: 'tracker',
    detail: `the tracker asked for no requests for another ${Math.ceil(retryAfterMs / 1000)} s`,
    retryAfterMs,
  });
}

async function waitUntil(clock: Clock, dueAtMs: () => number, signal: AbortSignal): Promise<void> {
  for (let leftMs = dueAtMs() - clock.nowMs(); leftMs > 0; leftMs = dueAtMs() - clock.nowMs()) {
    const waitMs = Math.min(leftMs, LONGEST_WAIT_MS);
    await new Promise<void>((resolve, reject) => {
      const stop = clock.after(waitMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      function onAbort(): void {
        stop();
        reject(
          signal.reason instanceof Error
            ? signal.reason
            : new Error('aborted while the tracker was throttled'),
        );
      }
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
