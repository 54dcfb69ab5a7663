// The review limit: while `tracker.max_in_handoff` issues wait for people in the handoff state, nothing new is begun.
// They are counted once a tick, just before candidates would be read, and only when a slot is free for one. Retries
// and continuations go on, and runs in flight are not counted: the limit is about what waits for people now, not about
// what may wait later. Trackers count approximately (an index lags), so what we hand off is added until the next count.

import type { PauseEntry, Snapshot, Verdict } from '../contract/index.ts';
import { sameState } from './eligibility.ts';
import { order, type Orders } from './orders.ts';
import { counted } from './sentence.ts';
import type { CoreState, Tick } from './state.ts';

interface Limit {
  readonly limit: number;
  readonly state: string;
}

/** How many issues wait in the handoff state, as last counted; what we have handed off since is added. */
export interface HandoffCount {
  readonly count: number;
  readonly asOfMs: number;
}

/** False: no limit is set. True: it is asked how many wait, and the tick goes on with the answer. */
export function countInHandoff(orders: Orders): boolean {
  const limit = limitOf(orders.state);
  if (limit === null) return false;
  const { state } = limit;
  order(orders, { kind: 'count_handoff', state }, { kind: 'handoff_count', state });
  return true;
}

/** False: the handoff state is another one meanwhile, and the figure says nothing. */
export function noteCount({ state, now }: Orders, askedOf: string, count: number): boolean {
  const limit = limitOf(state);
  if (limit !== null && !sameState(limit.state, askedOf)) return false;
  state.handoff = limit === null ? null : { count, asOfMs: now.atMs };
  return true;
}

/** One of ours waits for people now. */
export function noteHandedOff({ state }: Orders): void {
  if (state.handoff !== null) state.handoff = { ...state.handoff, count: state.handoff.count + 1 };
}

/** A reload: a count under another limit, or of another state, is forgotten. */
export function forgetCount(state: CoreState, before: CoreState['settings']): void {
  const { maxInHandoff, handoffState } = state.settings.tracker;
  const { tracker } = before;
  if (tracker.maxInHandoff === maxInHandoff && sameState(tracker.handoffState, handoffState)) return;
  state.handoff = null;
}

/**
 * How many more new issues may be begun in this tick. What is being handed off at this moment counts as if it waited
 * already. Without a count of this tick (the limit was set a moment ago, or a pause has just ended): none.
 */
export function roomForNew(state: CoreState, tick: Pick<Tick, 'startedAtMs' | 'dispatched'>): number {
  const limit = limitOf(state);
  if (limit === null) return Infinity;
  if (state.handoff === null || state.handoff.asOfMs < tick.startedAtMs) return 0;
  let handingOff = 0;
  for (const { stage } of state.claims.values()) if (stage.kind === 'handing_off') handingOff += 1;
  return Math.max(0, limit.limit - state.handoff.count - handingOff - tick.dispatched);
}

/** As last counted; null = people have room. */
export function handoffPause(state: CoreState): PauseEntry | null {
  const limit = limitOf(state);
  if (limit === null || state.handoff === null || state.handoff.count < limit.limit) return null;
  const { count } = state.handoff;
  const waiting = `${counted(count, 'issue')} ${count === 1 ? 'waits' : 'wait'} in ${limit.state}`;
  const detail = `${waiting}; tracker.max_in_handoff is ${limit.limit}`;
  return { reason: 'handoff_limit', agentKind: null, detail, untilMs: null };
}

/** Holds no figure that changes, so that it is the same verdict from one tick to the next. */
export function handoffVerdict({ settings }: CoreState): { verdict: Verdict; detail: string } {
  const { handoffState, maxInHandoff } = settings.tracker;
  const detail = `no more than ${counted(maxInHandoff, 'issue')} may wait in ${handoffState} (tracker.max_in_handoff)`;
  return { verdict: 'handoff_limit', detail };
}

/** Fewer wait than may, and nothing more is begun all the same: of this very tick, so it may hold figures. */
export function keptVerdict(
  state: CoreState,
  tick: Pick<Tick, 'startedAtMs' | 'dispatched'>,
): {
  verdict: Verdict;
  detail: string;
} {
  const { handoffState, maxInHandoff } = state.settings.tracker;
  const verdict = 'handoff_limit';
  if (state.handoff === null || state.handoff.asOfMs < tick.startedAtMs) {
    return { verdict, detail: `how many issues wait in ${handoffState} is counted first, in the next tick` };
  }
  const kept = maxInHandoff - state.handoff.count;
  const begun = 'runs that this tick has just started';
  const handedOff = 'what is being handed off';
  const whom =
    tick.dispatched === 0 ? handedOff : kept > tick.dispatched ? `${begun} and ${handedOff}` : begun;
  const places = `${kept} of ${maxInHandoff} places in ${handoffState} ${kept === 1 ? 'is' : 'are'}`;
  return { verdict, detail: `${places} kept for ${whom}` };
}

export function handoffShown(state: CoreState): Snapshot['handoff'] {
  const limit = limitOf(state);
  return limit === null || state.handoff === null ? null : { limit: limit.limit, ...state.handoff };
}

function limitOf({ settings }: CoreState): Limit | null {
  const { maxInHandoff: limit, handoffState: state } = settings.tracker;
  return limit > 0 && state !== '' ? { limit, state } : null;
}
