// Issues that a list shows as ready and the look just before their start does not: an index that runs behind, an issue
// that cannot be read by id, blockers that a list does not carry. They stand after the others for a while, longer each
// time, so that none of them takes the only try of every tick from an issue that could run; and not for ever, so that
// one that may run meanwhile comes to its turn. Nothing of this is durable.

import type { Issue } from '../contract/index.ts';
import type { Orders } from './orders.ts';
import type { CoreState } from './state.ts';

export interface Setback {
  /** Refused so often in a row. */
  readonly times: number;
  readonly untilMonotonicMs: number;
}

/** The only try of so many ticks is for others: more than one issue may stand like this. */
const FIRST_INTERVALS = 16;
const LONGEST_MS = 3_600_000;

/** The look by id said no, whatever the list says. */
export function setBack({ state, now }: Orders, issueId: string): void {
  const { setbacks, settings } = state;
  for (const [id, { untilMonotonicMs }] of setbacks) {
    if (now.monotonicMs > untilMonotonicMs + LONGEST_MS) setbacks.delete(id);
  }
  const times = (setbacks.get(issueId)?.times ?? 0) + 1;
  const firstMs = FIRST_INTERVALS * settings.pollIntervalMs;
  // 2^20 times are past any limit; the clamp keeps the arithmetic exact.
  const waitMs = Math.min(firstMs * 2 ** Math.min(times - 1, 20), Math.max(firstMs, LONGEST_MS));
  setbacks.set(issueId, { times, untilMonotonicMs: now.monotonicMs + waitMs });
}

/** It was started, or the list has come to say no as well. */
export function endSetback({ setbacks }: CoreState, issueId: string): void {
  setbacks.delete(issueId);
}

/** The same order, but those that were set back come after the others. */
export function setBackLast({ state, now }: Orders, issues: readonly Issue[]): readonly Issue[] {
  const isBack = ({ id }: Issue): boolean =>
    now.monotonicMs < (state.setbacks.get(id)?.untilMonotonicMs ?? 0);
  return state.setbacks.size === 0
    ? issues
    : [...issues.filter((issue) => !isBack(issue)), ...issues.filter(isBack)];
}
