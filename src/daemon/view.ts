// What HTTP may see of the daemon. Snapshots are built when they are asked for and kept for a moment, so that a
// crowd of readers costs no more than one; change notices go out at most four a second.

import { budgetLeft } from '../core/budgets.ts';
import { pauseOf, waitingFor } from '../core/pauses.ts';
import { issueSnapshotOf, snapshotOf } from '../core/snapshot.ts';
import type { CoreState } from '../core/state.ts';
import type {
  BudgetLimit,
  IssueSnapshot,
  OperatorWord,
  RefreshAnswer,
  Snapshot,
  TokenTotals,
} from '../contract/index.ts';
import type { Clock } from './ports.ts';

const NOTIFY_EVERY_MS = 250;
const KEEP_SNAPSHOT_MS = 100;

/** Claims at this very moment; those that are parked wait for somebody and do not count. */
export interface Activity {
  readonly running: number;
  readonly retrying: number;
  /** Why nothing is started; "" when something may be. */
  readonly paused: string;
}

/** What a run may be told of itself. */
export interface RunFigures {
  /** From 1; 0 before the first. */
  readonly turn: number;
  readonly tokens: TokenTotals;
  /** What is left of each limit of `agent.budget` that is set. */
  readonly budgetLeft: Readonly<Partial<Record<BudgetLimit, number>>>;
}

export interface StateView {
  /** May be a moment old. */
  snapshot(): Snapshot | null;
  /** null before recovery has finished. */
  activity(): Activity | null;
  issue(identifier: string): IssueSnapshot | null;
  refresh(word?: OperatorWord): RefreshAnswer | null;
  /** null = no such run is under way. */
  runFigures(runId: string): RunFigures | null;
  onChange(listener: () => void): () => void;
  /** The state may have changed. */
  changed(): void;
  /** Somebody was told of a change, and must not be shown what was before it. */
  renew(): void;
  close(): void;
}

export function createStateView(parts: {
  state: CoreState;
  clock: Clock;
  requestRefresh: (words: readonly OperatorWord[]) => void;
}): StateView {
  const { state, clock } = parts;
  const listeners = new Set<() => void>();
  let kept: { snapshot: Snapshot | null; mode: CoreState['mode']; atMs: number } | null = null;
  let cancelNotice: (() => void) | null = null;
  let refreshQueued = false;
  let words: OperatorWord[] = [];

  return {
    snapshot() {
      const nowMs = clock.monotonicMs();
      // Probes must not call a daemon alive that is shutting down already.
      if (kept === null || kept.mode !== state.mode || nowMs - kept.atMs >= KEEP_SNAPSHOT_MS) {
        kept = { snapshot: snapshotOf(state, clock.nowMs()), mode: state.mode, atMs: nowMs };
      }
      return kept.snapshot;
    },
    activity() {
      if (state.mode === 'recovering') return null;
      let running = 0;
      let retrying = 0;
      for (const { stage } of state.claims.values()) {
        if (stage.kind === 'retry_queued') retrying += 1;
        else if (stage.kind !== 'parked') running += 1;
      }
      const pause = pauseOf(state, clock.nowMs());
      return { running, retrying, paused: pause === null ? '' : waitingFor(pause) };
    },
    issue: (identifier) => issueSnapshotOf(state, identifier),
    refresh(word) {
      if (state.mode !== 'running') return null;
      const isSaid = words.some(({ by, reason }) => by === word?.by && reason === word.reason);
      if (word !== undefined && !isSaid) words.push(word);
      const coalesced = state.tickAgain || refreshQueued;
      // The answer goes out first; the tick follows in its own turn, one for all who ask meanwhile.
      if (!refreshQueued) {
        clock.after(0, () => {
          refreshQueued = false;
          parts.requestRefresh(words);
          words = [];
        });
      }
      refreshQueued = true;
      return {
        queued: true,
        coalesced,
        requestedAtMs: clock.nowMs(),
        operations: ['reconcile', 'poll'],
      };
    },
    runFigures(runId) {
      const issueId = state.runs.get(runId)?.issueId;
      const claim = issueId === undefined ? undefined : state.claims.get(issueId);
      if (claim?.stage.kind !== 'running' || claim.stage.run.runId !== runId) return null;
      const { run } = claim.stage;
      const left = budgetLeft(state, claim.issueId, run, clock.nowMs());
      return { turn: run.turn, tokens: run.tokens, budgetLeft: left };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    renew() {
      kept = null;
    },
    changed() {
      if (cancelNotice !== null || listeners.size === 0) return;
      cancelNotice = clock.after(NOTIFY_EVERY_MS, () => {
        cancelNotice = null;
        kept = null;
        for (const listener of listeners) listener();
      });
    },
    close() {
      cancelNotice?.();
      cancelNotice = null;
      listeners.clear();
    },
  };
}
