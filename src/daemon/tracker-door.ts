// The one way to the tracker: every request is counted, and after a Retry-After every later one waits. The core
// does not look at a tracker that asked for peace; workers and writers, which must have their answer, wait here.

import {
  canComment,
  canStreamCandidates,
  TrackerError,
  type CandidateStreamCapability,
  type CommentCapability,
  type Issue,
  type TrackerAdapter,
} from '../contract/index.ts';
import type { Clock, Counters, TrackerOperation } from './ports.ts';
import { LONGEST_WAIT_MS } from './timers.ts';

export interface TrackerDoorParts {
  /** The one in force: a reload may make a new one with other credentials, never with other capabilities. */
  readonly adapter: () => TrackerAdapter;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'countTrackerRequest'>;
}

/** Has the adapter's capabilities and no others. */
export function createTrackerDoor({
  adapter,
  clock,
  counters,
}: TrackerDoorParts): TrackerAdapter & Partial<CommentCapability & CandidateStreamCapability> {
  let notBeforeMs = 0;

  async function pass<T>(
    operation: TrackerOperation,
    signal: AbortSignal,
    call: () => Promise<T>,
  ): Promise<T> {
    await waitUntil(clock, () => notBeforeMs, signal);
    signal.throwIfAborted();
    try {
      const value = await call();
      counters.countTrackerRequest(operation, 'success');
      return value;
    } catch (error) {
      counters.countTrackerRequest(operation, 'error');
      if (error instanceof TrackerError && error.retryAfterMs !== undefined) {
        notBeforeMs = Math.max(notBeforeMs, clock.nowMs() + error.retryAfterMs);
      }
      throw error;
    }
  }

  const door: TrackerAdapter & Partial<CommentCapability & CandidateStreamCapability> = {
    fetchCandidateIssues: (signal) =>
      pass('fetch_candidates', signal, () => adapter().fetchCandidateIssues(signal)),
    fetchIssueById: (id, signal) => pass('fetch_issue', signal, () => adapter().fetchIssueById(id, signal)),
    fetchIssuesByStates: (states, signal) =>
      pass('fetch_by_states', signal, () => adapter().fetchIssuesByStates(states, signal)),
    fetchIssueStatesByIds: (ids, signal) =>
      pass('fetch_states_by_ids', signal, () => adapter().fetchIssueStatesByIds(ids, signal)),
    fetchIssueStatesByIdentifiers: (identifiers, signal) =>
      pass('fetch_states_by_identifiers', signal, () =>
        adapter().fetchIssueStatesByIdentifiers(identifiers, signal),
      ),
    fetchIssueComments: (id, signal) =>
      pass('fetch_comments', signal, () => adapter().fetchIssueComments(id, signal)),
    transitionIssue: (id, state, options, signal) =>
      pass('transition', signal, () => adapter().transitionIssue(id, state, options, signal)),
  };
  if (canComment(adapter())) {
    door.addComment = (id, body, signal) =>
      pass('comment', signal, () => capable(adapter(), canComment).addComment(id, body, signal));
  }
  if (canStreamCandidates(adapter())) {
    door.streamCandidateIssues = (signal) =>
      streamThrough(capable(adapter(), canStreamCandidates), signal, pass);
  }
  return door;
}

function capable<T extends TrackerAdapter>(
  adapter: TrackerAdapter,
  is: (adapter: TrackerAdapter) => adapter is T,
): T {
  if (!is(adapter)) throw new Error('the tracker adapter lost a capability in a reload');
  return adapter;
}

async function* streamThrough(
  adapter: CandidateStreamCapability,
  signal: AbortSignal,
  pass: <T>(operation: TrackerOperation, signal: AbortSignal, call: () => Promise<T>) => Promise<T>,
): AsyncGenerator<readonly Issue[]> {
  const pages = adapter.streamCandidateIssues(signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await pass('fetch_candidates', signal, () => pages.next());
      if (page.done === true) return;
      yield page.value;
    }
  } finally {
    await pages.return?.();
  }
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
