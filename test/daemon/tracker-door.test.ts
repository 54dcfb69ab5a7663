// The one way to the tracker: counted, throttled by Retry-After, and with the adapter's capabilities and no others.

import { describe, expect, it } from 'vitest';
import { TrackerError, type Issue, type TrackerAdapter } from '../../src/contract/index.ts';
import { createTrackerDoor } from '../../src/daemon/tracker-door.ts';
import { issue } from '../core/issues.ts';
import { HandClock, rememberingCounters, settled } from './hand-clock.ts';

const never = new AbortController().signal;

const METHODS = [
  ['fetchCandidateIssues', 'fetch_candidates', []],
  ['fetchIssueById', 'fetch_issue', ['1']],
  ['fetchIssuesByStates', 'fetch_by_states', [['Todo']]],
  ['fetchIssueStatesByIds', 'fetch_states_by_ids', [['1']]],
  ['fetchIssueStatesByIdentifiers', 'fetch_states_by_identifiers', [['DEMO-1']]],
  ['fetchIssueComments', 'fetch_comments', ['1']],
  ['transitionIssue', 'transition', ['1', 'Done', {}]],
  ['addComment', 'comment', ['1', 'hello']],
] as const;

function refusal(retryAfterMs?: number): TrackerError {
  return new TrackerError({
    kind: 'tracker_api_error',
    method: 'GET',
    path: '/',
    detail: '429',
    retryAfterMs,
  });
}

/** Every method writes down how it was called and does what `next` says. */
function aTracker(extra: object = {}) {
  const calls: string[] = [];
  const behaviour: { next: () => unknown } = { next: () => 'answer' };
  const methods = METHODS.filter(([name]) => name !== 'addComment').map(([name]) => [
    name,
    (...args: unknown[]) => {
      calls.push(`${name} ${JSON.stringify(args.slice(0, -1))}`);
      return behaviour.next();
    },
  ]);
  const adapter = { ...(Object.fromEntries(methods) as object), ...extra } as TrackerAdapter;
  return { adapter, calls, behaviour };
}

function aDoor(adapter: TrackerAdapter) {
  const clock = new HandClock();
  const { counters, counted } = rememberingCounters();
  const peace = { untilMs: 0 };
  const door = createTrackerDoor({
    adapter: () => adapter,
    clock,
    counters,
    peace,
    whenThrottled: 'wait',
  }) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return { door, clock, counted };
}

describe('the tracker door', () => {
  it.each(METHODS)('hands %s through and counts it', async (name, operation, args) => {
    const { adapter, calls, behaviour } = aTracker({
      addComment: (...given: unknown[]) => {
        calls.push(`addComment ${JSON.stringify(given.slice(0, -1))}`);
        return behaviour.next();
      },
    });
    const { door, counted } = aDoor(adapter);
    expect(await door[name]?.(...args, never)).toBe('answer');
    behaviour.next = () => Promise.reject(refusal());
    await expect(door[name]?.(...args, never)).rejects.toThrow('429');
    expect(calls).toEqual([`${name} ${JSON.stringify(args)}`, `${name} ${JSON.stringify(args)}`]);
    expect(counted).toEqual([
      `countTrackerRequest ${operation} success`,
      `countTrackerRequest ${operation} error`,
    ]);
  });

  it('turns what a careless adapter throws at once into a rejection', async () => {
    const { adapter, behaviour } = aTracker();
    behaviour.next = () => {
      throw new Error('not even a promise');
    };
    await expect(aDoor(adapter).door['fetchCandidateIssues']?.(never)).rejects.toThrow('not even a promise');
  });

  it('has the capabilities of the adapter and no others', () => {
    const plain = aDoor(aTracker().adapter).door;
    expect(['addComment' in plain, 'streamCandidateIssues' in plain]).toEqual([false, false]);
    const able = aDoor(aTracker({ addComment: () => '', streamCandidateIssues: () => [] }).adapter).door;
    expect(['addComment' in able, 'streamCandidateIssues' in able]).toEqual([true, true]);
  });

  it('makes every later call wait after a Retry-After, then goes on', async () => {
    const { adapter, calls, behaviour } = aTracker();
    const { door, clock } = aDoor(adapter);
    behaviour.next = () => Promise.reject(refusal(60_000));
    await expect(door['fetchIssueById']?.('1', never)).rejects.toThrow();
    behaviour.next = () => 'answer';
    const read = door['fetchCandidateIssues']?.(never);
    const write = door['transitionIssue']?.('1', 'Done', {}, never);
    clock.pass(59_999);
    await settled();
    expect(calls).toHaveLength(1);
    clock.pass(1);
    expect(await Promise.all([read, write])).toEqual(['answer', 'answer']);
    expect(calls).toHaveLength(3);
    expect(clock.armed).toBe(0);
  });

  it('waits again for those who waited when the next answer is the same', async () => {
    const { adapter, calls, behaviour } = aTracker();
    const { door, clock } = aDoor(adapter);
    behaviour.next = () => Promise.reject(refusal(1_000));
    await expect(door['fetchIssueById']?.('1', never)).rejects.toThrow();
    const again = door['fetchIssueById']?.('1', never);
    const checked = expect(again).rejects.toThrow('429');
    clock.pass(1_000);
    await checked;
    const third = door['fetchIssueById']?.('1', never);
    clock.pass(500);
    await settled();
    expect(calls).toHaveLength(2);
    behaviour.next = () => 'answer';
    clock.pass(500);
    expect(await third).toBe('answer');
  });

  it('sends nothing for a call that was aborted while it waited, and keeps no timer', async () => {
    const { adapter, calls, behaviour } = aTracker();
    const { door, clock } = aDoor(adapter);
    behaviour.next = () => Promise.reject(refusal(60_000));
    await expect(door['fetchIssueById']?.('1', never)).rejects.toThrow();
    const ended = new AbortController();
    const waiting = door['transitionIssue']?.('1', 'Done', {}, ended.signal);
    const checked = expect(waiting).rejects.toThrow('the daemon has ended');
    await settled();
    ended.abort(new Error('the daemon has ended'));
    await checked;
    await expect(door['fetchIssueById']?.('1', ended.signal)).rejects.toThrow('the daemon has ended');
    expect(calls).toHaveLength(1);
    expect(clock.armed).toBe(0);
  });

  it('sends nothing for a signal that had fired, also one without an error for a reason', async () => {
    const { adapter, calls, behaviour } = aTracker();
    const { door } = aDoor(adapter);
    await expect(door['fetchIssueById']?.('1', AbortSignal.abort('terminal'))).rejects.toBe('terminal');
    behaviour.next = () => Promise.reject(refusal(60_000));
    await expect(door['fetchIssueById']?.('1', never)).rejects.toThrow();
    await expect(door['fetchIssueById']?.('1', AbortSignal.abort('terminal'))).rejects.toThrow(/throttled/);
    expect(calls).toHaveLength(1);
  });

  it('streams page by page, each counted, and closes the adapter’s stream when its reader stops', async () => {
    let closed = 0;
    async function* pages(_signal: AbortSignal): AsyncGenerator<readonly Issue[]> {
      try {
        for (const id of ['1', '2', '3']) yield await Promise.resolve([issue(id)]);
      } finally {
        closed += 1;
      }
    }
    const { adapter } = aTracker({ streamCandidateIssues: pages });
    const { door, counted } = aDoor(adapter);
    const stream = door['streamCandidateIssues'] as unknown as typeof pages;
    const seen: string[] = [];
    for await (const page of stream(never)) {
      seen.push(...page.map(({ id }) => id));
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(['1', '2']);
    expect(counted).toHaveLength(2);
    expect(counted[0]).toMatch(/^countTrackerRequest \w*_candidates success$/);
    expect(closed).toBe(1);
    for await (const page of stream(never)) seen.push(...page.map(({ id }) => id));
    expect(seen).toHaveLength(5);
    expect(closed).toBe(2);
  });

  it('asks the adapter of the moment, and says when a reload took a capability away', async () => {
    const first = aTracker({ addComment: () => Promise.resolve('c1') });
    const second = aTracker();
    let current = first.adapter;
    const { counters } = rememberingCounters();
    const clock = new HandClock();
    const door = createTrackerDoor({
      adapter: () => current,
      clock,
      counters,
      peace: { untilMs: 0 },
      whenThrottled: 'wait',
    }) as TrackerAdapter & {
      addComment(id: string, body: string, signal: AbortSignal): Promise<string>;
    };
    expect(await door.addComment('1', 'hi', never)).toBe('c1');
    current = second.adapter;
    await door.fetchCandidateIssues(never);
    expect(second.calls).toHaveLength(1);
    await expect(door.addComment('1', 'hi', never)).rejects.toThrow(/in a reload/);
  });
});

describe('the door of the core', () => {
  it('refuses at once while the tracker wants peace, by what another door has heard', async () => {
    const { adapter, behaviour } = aTracker();
    const clock = new HandClock();
    const { counters, counted } = rememberingCounters();
    const doors = { adapter: () => adapter, clock, counters, peace: { untilMs: 0 } };
    const patient = createTrackerDoor({ ...doors, whenThrottled: 'wait' });
    const hasty = createTrackerDoor({ ...doors, whenThrottled: 'refuse' });
    const signal = new AbortController().signal;
    behaviour.next = () =>
      Promise.reject(
        new TrackerError({
          kind: 'tracker_api_error',
          method: 'GET',
          path: '/x',
          detail: 'too many',
          retryAfterMs: 60_000,
        }),
      );
    await expect(patient.fetchIssueById('1', signal)).rejects.toThrow('too many');
    const requests = counted.length;

    await expect(hasty.fetchIssueById('1', signal)).rejects.toMatchObject({
      kind: 'tracker_api_error',
      retryAfterMs: 60_000,
    });
    expect(counted).toHaveLength(requests);
  });
});

describe('the door to an adapter with throttles of its own', () => {
  it('waits for what the adapter would rather refuse, and asks again', async () => {
    const { adapter, behaviour, calls } = aTracker({ throttles: () => [] });
    const { door, clock } = aDoor(adapter);
    const refusal = new TrackerError({
      kind: 'tracker_api_error',
      method: 'POST',
      path: '/x',
      detail: 'not sent',
      retryAfterMs: 30_000,
    });
    let asked = 0;
    behaviour.next = () => {
      asked += 1;
      return asked === 1 ? Promise.reject(refusal) : Promise.resolve();
    };
    const moved = door['transitionIssue']?.('1', 'Done', {}, new AbortController().signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(1);
    clock.pass(30_000);
    await moved;
    expect(asked).toBe(2);
    expect(calls.length).toBeGreaterThan(0);
  });
});

it('never sends again what may have been applied, though the tracker says when to come again', async () => {
  const { adapter, calls, behaviour } = aTracker({ throttles: () => [] });
  const { door } = aDoor(adapter);
  const lost = { kind: 'tracker_transport_error', method: 'POST', path: '/', detail: '503' } as const;
  behaviour.next = () => Promise.reject(new TrackerError({ ...lost, retryAfterMs: 10, applied: 'unknown' }));
  await expect(door['transitionIssue']?.('1', 'Done', {}, never)).rejects.toMatchObject({
    applied: 'unknown',
  });
  expect(calls.length).toBe(1);
});
