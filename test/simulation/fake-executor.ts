// Runs without processes, behind the real executor port. Answers late, is busy at times, tells some reports twice
// (the port promises "at least once"), and knows what really runs, so that two runs for one issue cannot hide.

import type {
  CancelReason,
  RunExecutor,
  RunExit,
  RunReport,
  RunSpec,
  TrackerAdapter,
  TrackerWriter,
} from '../../src/contract/index.ts';
import type { AgentWriting } from './agent-writing.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { IssueBook } from './issue-book.ts';
import { simulateRun } from './simulated-run.ts';

/** Whatever may still touch a workspace, from the moment it was asked for. */
export interface LiveRun {
  readonly spec: RunSpec;
  readonly abort: AbortController;
  cancelled: boolean;
}

export interface FakeExecutorParts {
  readonly dice: Dice;
  readonly faults: Faults;
  readonly book: IssueBook;
  readonly tracker: TrackerAdapter;
  readonly writer: TrackerWriter;
  readonly agentWriting: Pick<AgentWriting, 'useTool'>;
  readonly after: (delayMs: number, fire: () => void) => () => void;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  /** What lives, of all lives of the daemon. */
  readonly live: Map<string, LiveRun>;
  readonly onSubmit: (spec: RunSpec) => void;
}

export function createFakeExecutor(parts: FakeExecutorParts): RunExecutor {
  const { dice, faults, live } = parts;
  const lastDeliveryMs = new Map<string, number>();
  let taker: ((batch: readonly RunReport[]) => void) | null = null;
  let cursor = 0;

  /** In order within a run, at any pace between runs. */
  function deliver(spec: RunSpec, body: RunReport['body']): void {
    cursor += 1;
    const report = { runId: spec.runId, issueId: spec.issue.id, attempt: spec.attempt, cursor, body };
    const pace = dice.chance(0.05) ? 5_000 : 50;
    const atMs = Math.max(parts.nowMs() + dice.int(0, pace), lastDeliveryMs.get(spec.runId) ?? 0);
    lastDeliveryMs.set(spec.runId, atMs);
    const copies = dice.chance(faults.duplicateReport) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      parts.after(atMs - parts.nowMs(), () => taker?.([report]));
    }
    if (body.kind === 'ended') lastDeliveryMs.delete(spec.runId);
  }

  async function execute(run: LiveRun): Promise<void> {
    const { spec, abort } = run;
    const exit: RunExit = await simulateRun({
      spec,
      dice: dice.fork(),
      faults,
      book: parts.book,
      tracker: parts.tracker,
      writer: parts.writer,
      agentWriting: parts.agentWriting,
      after: parts.after,
      wallMs: parts.wallMs,
      report: (event) => {
        deliver(spec, { kind: 'progress', event });
      },
      signal: abort.signal,
    });
    live.delete(spec.runId);
    deliver(spec, { kind: 'ended', exit });
  }

  function answer<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      parts.after(dice.int(0, 30), () => {
        resolve(value);
      });
    });
  }

  return {
    submit(spec) {
      parts.onSubmit(spec);
      if (dice.chance(faults.busy)) {
        if (dice.chance(0.2)) return Promise.reject(new Error('the executor is out of reach'));
        return answer(dice.chance(0.7) ? 'busy' : 'duplicate');
      }
      const run: LiveRun = {
        spec,
        abort: new AbortController(),
        cancelled: false,
      };
      live.set(spec.runId, run);
      void execute(run);
      return answer('accepted');
    },
    cancel({ runId }, reason: CancelReason) {
      const run = live.get(runId);
      if (run !== undefined && !run.cancelled) {
        run.cancelled = true;
        const heedsAfterMs = dice.chance(faults.runIgnoresCancel)
          ? dice.int(1_000, 90_000)
          : dice.int(0, 200);
        parts.after(heedsAfterMs, () => {
          run.abort.abort(reason);
        });
      }
      return answer(undefined);
    },
    events(after, take) {
      taker = (batch) => {
        void take(batch.filter((one) => one.cursor > after));
      };
      return () => {
        taker = null;
      };
    },
    active: () =>
      Promise.resolve([...live.values()].map(({ spec }) => ({ runId: spec.runId, issueId: spec.issue.id }))),
  };
}
