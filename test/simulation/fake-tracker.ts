// A tracker adapter as bad as the world's faults say: it throws every kind of error, answers late, lies about many
// issues at once, asks for peace, and loses the answers of writes that went through. A by-id read never lies: it
// is what the daemon is told to trust.

import {
  TRACKER_ERROR_KINDS,
  TrackerError,
  type CandidateStreamCapability,
  type CommentCapability,
  type CommentEditCapability,
  type CountCapability,
  type FindIssueCapability,
  type Issue,
  type LabelCapability,
  type TrackerAdapter,
} from '../../src/contract/index.ts';
import { compareByContract, sameText } from './contract-rules.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { IssueBook } from './issue-book.ts';
import { HANDOFF_STATE } from './random-workflow.ts';

export interface FakeTrackerParts {
  readonly book: IssueBook;
  readonly dice: Dice;
  readonly faults: Faults;
  /** Of one life of the daemon: what is under way when it dies never happens. */
  readonly after: (delayMs: number, fire: () => void) => () => void;
  readonly states: () => { readonly active: readonly string[] };
  readonly streams: boolean;
  readonly wallMs: () => number;
  readonly fail: (message: string) => void;
}

export type FakeTracker = TrackerAdapter &
  CommentCapability &
  CommentEditCapability &
  CountCapability &
  FindIssueCapability &
  LabelCapability &
  Partial<CandidateStreamCapability>;

export function createFakeTracker(parts: FakeTrackerParts): FakeTracker {
  const { book, dice, faults } = parts;
  let peaceUntilMs = 0;

  function fault(method: string): Error {
    if (dice.chance(0.1)) return new Error('a bug of the adapter');
    return new TrackerError({
      kind: dice.pick(TRACKER_ERROR_KINDS.filter((kind) => kind !== 'tracker_not_found')),
      method,
      path: '/simulated',
      detail: 'it was told to fail',
    });
  }

  function limited(method: string): TrackerError {
    const retryAfterMs = dice.pick([1_000, 10_000, 90_000]);
    return new TrackerError({
      kind: 'tracker_api_error',
      method,
      path: '/simulated',
      detail: '429',
      retryAfterMs,
    });
  }

  /** `work` happens at one moment somewhere between the question and the answer. */
  function call<T>(method: string, signal: AbortSignal, write: boolean, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const earlyMs = peaceUntilMs - parts.wallMs();
      if (earlyMs > 0) parts.fail(`${method} was asked ${earlyMs} ms before Retry-After had passed`);
      const latencyMs = dice.chance(faults.slowCall) ? dice.int(1_000, 60_000) : dice.int(0, 400);
      const cancels: (() => void)[] = [];
      const end = (settle: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      function onAbort(): void {
        for (const cancel of cancels) cancel();
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      }
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      const fails = dice.chance(faults.rateLimit)
        ? limited(method)
        : dice.chance(faults.trackerError)
          ? fault(method)
          : null;
      const landsAnyway = write && fails !== null && dice.chance(faults.lostAnswer);
      let result: { value: T } | { error: unknown } | null = null;
      const landAtMs = dice.int(0, latencyMs);
      cancels.push(
        parts.after(landAtMs, () => {
          if (fails !== null && !landsAnyway) return;
          try {
            result = { value: work() };
          } catch (error) {
            result = { error };
          }
        }),
        parts.after(latencyMs, () => {
          end(() => {
            if (fails instanceof TrackerError && fails.retryAfterMs !== undefined) {
              peaceUntilMs = Math.max(peaceUntilMs, parts.wallMs() + fails.retryAfterMs);
            }
            if (fails !== null) reject(fails);
            else if (result !== null && 'value' in result) resolve(result.value);
            else reject(result?.error instanceof Error ? result.error : new Error('no answer'));
          });
        }),
      );
    });
  }

  function absent(method: string, id: string): TrackerError {
    const detail = 'no such issue';
    return new TrackerError({ kind: 'tracker_not_found', method, path: id, detail });
  }

  function readOrThrow(method: string, id: string): Issue {
    const issue = book.read(id);
    if (issue === null) throw absent(method, id);
    return issue;
  }

  function candidates(): Issue[] {
    if (dice.chance(faults.lie / 3)) return [];
    const { active } = parts.states();
    const found = book.readIndex().filter(({ state }) => active.some((one) => sameText(one, state)));
    const told = found.filter(() => !dice.chance(faults.lie / 4));
    if (dice.chance(faults.lie)) told.push(...told.slice(0, 2), ...book.readIndex().slice(0, 2));
    if (told[0] !== undefined && dice.chance(faults.lie / 5)) told[0] = { ...told[0], title: '' };
    return told;
  }

  function statesOf(ids: readonly string[], keyOf: (id: string) => string | null): Map<string, string> {
    const told = new Map<string, string>();
    if (dice.chance(faults.lie / 3)) return told;
    for (const key of ids) {
      const id = keyOf(key);
      const state = id === null ? null : (book.read(id)?.state ?? null);
      const stale = id !== null && dice.chance(faults.lie) ? book.indexedState(id) : null;
      if (state !== null && !dice.chance(faults.lie / 4)) told.set(key, stale ?? state);
    }
    return told;
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<readonly Issue[]> {
    const rest: Issue[] = [];
    let first = true;
    while (first || rest.length > 0) {
      yield await call('stream', signal, false, () => {
        if (first) rest.push(...candidates().sort(compareByContract));
        first = false;
        return rest.splice(0, 4);
      });
    }
  }

  const tracker: FakeTracker = {
    fetchCandidateIssues: (signal) => call('candidates', signal, false, candidates),
    fetchIssueById: (id, signal) => call('issue', signal, false, () => readOrThrow('issue', id)),
    fetchIssuesByStates: (states, signal) =>
      call('by_states', signal, false, () =>
        book.readIndex().filter(({ state }) => states.some((one) => sameText(one, state))),
      ),
    fetchIssueStatesByIds: (ids, signal) => call('states', signal, false, () => statesOf(ids, (id) => id)),
    fetchIssueStatesByIdentifiers: (identifiers, signal) =>
      call('states', signal, false, () => statesOf(identifiers, (key) => book.idOf(key))),
    // Approximate, as everywhere: the index lags, and at times it lies.
    countIssuesByStates: (states, signal) =>
      call('count', signal, false, () => {
        const found = book.readIndex().filter(({ state }) => states.some((one) => sameText(one, state)));
        return dice.chance(faults.lie) ? dice.int(0, 2 * found.length) : found.length;
      }),
    fetchIssueByIdentifier: (identifier, signal) =>
      call('find', signal, false, () => readOrThrow('find', book.idOf(identifier) ?? identifier)),
    fetchIssueComments: (id, signal) =>
      call('comments', signal, false, () => [...(readOrThrow('comments', id).comments ?? [])]),
    transitionIssue: (id, state, { from }, signal) =>
      call('transition', signal, true, () => {
        const issue = readOrThrow('transition', id);
        if (sameText(state, HANDOFF_STATE) && dice.chance(faults.handoffRefused)) {
          const detail = `no transition leads to ${state}`;
          throw new TrackerError({ kind: 'tracker_payload_error', method: 'transition', path: id, detail });
        }
        if (from !== undefined && !from.some((one) => sameText(one, issue.state))) {
          const detail = `the issue is in ${issue.state}`;
          throw new TrackerError({ kind: 'tracker_payload_error', method: 'transition', path: id, detail });
        }
        book.change(id, 'us', { state });
      }),
    addComment: (id, body, signal) =>
      call('comment', signal, true, () => {
        readOrThrow('comment', id);
        return book.comment(id, 'us', body);
      }),
    editComment: (id, commentId, body, signal) =>
      call('edit_comment', signal, true, () => {
        const comments = readOrThrow('edit_comment', id).comments ?? [];
        if (!comments.some((one) => one.id === commentId)) throw absent('edit_comment', commentId);
        const edited = comments.map((one) => (one.id === commentId ? { ...one, body } : one));
        book.change(id, 'us', { comments: edited });
      }),
    findOwnComment: (id, marker, signal) =>
      call('find_comment', signal, false, () => {
        const comments = readOrThrow('find_comment', id).comments ?? [];
        return comments.findLast(({ author, body }) => author === 'us' && body.includes(marker))?.id ?? null;
      }),
    addLabels: (id, labels, signal) =>
      call('add_labels', signal, true, () => {
        const before = readOrThrow('add_labels', id).labels;
        book.change(id, 'us', { labels: [...new Set([...before, ...labels])] });
      }),
    removeLabels: (id, labels, signal) =>
      call('remove_labels', signal, true, () => {
        const before = readOrThrow('remove_labels', id).labels;
        book.change(id, 'us', { labels: before.filter((one) => !labels.includes(one)) });
      }),
  };
  if (parts.streams) tracker.streamCandidateIssues = stream;
  return tracker;
}
