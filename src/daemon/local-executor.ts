// Runs in this process: both sides of the executor port. Reports keep their order within a run, each run ends
// in exactly one `ended` report, and a flood of reports waits for its reader.

import type {
  CancelReason,
  Cursor,
  RunExecutor,
  RunExit,
  RunHandler,
  RunHost,
  RunReport,
  RunSpec,
} from '../contract/index.ts';
import { messageOf } from './failures.ts';

/** A run that reports faster than its reader takes is held back after so many reports. */
const REPORTS_AHEAD = 256;

interface LocalRun {
  readonly spec: RunSpec;
  readonly abort: AbortController;
}

export function createLocalExecutor(): RunExecutor & RunHost {
  const runs = new Map<string, LocalRun>();
  const byIssue = new Map<string, string>();
  let handler: RunHandler | null = null;
  let slots = 0;
  let cursor: Cursor = 0;
  let batch: RunReport[] = [];
  let taker: ((reports: readonly RunReport[]) => void | Promise<void>) | null = null;
  let flushed: Promise<void> | null = null;
  /** The reader is behind: whoever reports waits for it. */
  let behind: Promise<void> | null = null;

  /** Reports of one turn of the event loop go out together. */
  function flush(): Promise<void> {
    flushed ??= new Promise((resolve) => {
      setImmediate(() => {
        flushed = null;
        const taken = batch;
        batch = [];
        if (taken.length > 0) holdFor(taker?.(taken));
        resolve();
      });
    });
    return flushed;
  }

  function holdFor(taking: void | Promise<void>): void {
    if (taking === undefined) return;
    const held = taking.finally(() => {
      if (behind === held) behind = null;
    });
    behind = held;
  }

  function report(spec: RunSpec, body: RunReport['body']): Promise<void> | undefined {
    cursor += 1;
    batch.push({ runId: spec.runId, issueId: spec.issue.id, attempt: spec.attempt, cursor, body });
    const done = flush();
    if (behind !== null) return behind;
    return batch.length >= REPORTS_AHEAD ? done : undefined;
  }

  async function execute(run: LocalRun, work: RunHandler): Promise<void> {
    const { spec, abort } = run;
    let exit: RunExit;
    try {
      exit = await work(spec, (event) => report(spec, { kind: 'progress', event }), abort.signal);
    } catch (error) {
      exit = { kind: 'failed', failure: { kind: 'worker_crashed', message: `worker: ${messageOf(error)}` } };
    }
    runs.delete(spec.runId);
    byIssue.delete(spec.issue.id);
    void report(spec, { kind: 'ended', exit });
  }

  return {
    work(slotsOfHost, run) {
      handler = run;
      slots = slotsOfHost;
      return () => {
        handler = null;
      };
    },
    submit(spec) {
      if (runs.has(spec.runId) || byIssue.has(spec.issue.id)) return Promise.resolve('duplicate');
      if (handler === null || runs.size >= slots) return Promise.resolve('busy');
      const run: LocalRun = { spec, abort: new AbortController() };
      runs.set(spec.runId, run);
      byIssue.set(spec.issue.id, spec.runId);
      void execute(run, handler);
      return Promise.resolve('accepted');
    },
    cancel({ runId }, reason: CancelReason) {
      // The first reason wins: aborting again changes nothing.
      runs.get(runId)?.abort.abort(reason);
      return Promise.resolve();
    },
    events(after, take) {
      taker = (reports) => take(reports.filter((one) => one.cursor > after));
      return () => {
        taker = null;
      };
    },
    active() {
      return Promise.resolve(
        [...runs.values()].map(({ spec }) => ({ runId: spec.runId, issueId: spec.issue.id })),
      );
    },
  };
}
