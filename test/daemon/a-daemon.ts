// A whole daemon over small neighbours in memory: the real loop and the real local executor, a tracker that is a
// map, a store that keeps its writes, a clock that goes on by hand.

import {
  TrackerError,
  type Issue,
  type Notice,
  type RunHandler,
  type StoredState,
  type StoreWrite,
  type TrackerAdapter,
} from '../../src/contract/index.ts';
import { createDaemon } from '../../src/daemon/daemon.ts';
import { createLocalExecutor } from '../../src/daemon/local-executor.ts';
import type { DaemonParts } from '../../src/daemon/ports.ts';
import { createDirectWriter } from './direct-writer.ts';
import { NOTHING_STORED } from '../core/driver.ts';
import { aWorkflow, type WorkflowChange } from './a-workflow.ts';
import { HandClock, rememberingCounters, rememberingLog, settled } from './hand-clock.ts';

export interface DaemonChange {
  readonly issues?: readonly Issue[];
  readonly workflow?: WorkflowChange;
  readonly stored?: Partial<StoredState>;
  readonly work?: RunHandler;
  readonly tracker?: Partial<TrackerAdapter>;
  readonly parts?: Partial<DaemonParts>;
}

const finished: RunHandler = () =>
  Promise.resolve({ kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });

export function aDaemon(change: DaemonChange = {}) {
  const clock = new HandClock();
  const log = rememberingLog();
  const { counters, counted } = rememberingCounters();
  const issues = new Map((change.issues ?? []).map((one) => [one.id, one]));
  const calls: string[] = [];
  const tracker = {
    ...memoryTracker(issues, calls),
    ...change.tracker,
  } as unknown as TrackerAdapter;
  const writes: StoreWrite[] = [];
  const store = {
    full: false,
    load: () => Promise.resolve({ ...NOTHING_STORED, ...change.stored }),
    apply: (batch: readonly StoreWrite[]) => {
      if (store.full) return Promise.reject(new Error('disk full'));
      writes.push(...batch);
      return Promise.resolve();
    },
  };
  const executor = createLocalExecutor();
  executor.work(100, change.work ?? finished);
  const workflow = { now: aWorkflow(change.workflow), rechecks: 0 };
  const removed: string[] = [];
  let uuids = 0;
  const daemon = createDaemon({
    store,
    tracker,
    writer: createDirectWriter(tracker, counters),
    executor,
    workflow: {
      current: () => workflow.now,
      recheck: () => {
        workflow.rechecks += 1;
        return Promise.resolve();
      },
      reloadError: () => '',
      readAtMs: () => ({ loaded: 0, failed: null }),
    },
    preflight: () => Promise.resolve([]),
    removeWorkspace: ({ path }) => {
      removed.push(path);
      return Promise.resolve();
    },
    clock,
    newUuid: () => `uuid-${(uuids += 1)}`,
    log,
    counters,
    ...change.parts,
  });
  const notices: Notice[] = [];
  daemon.onNotice((notice) => notices.push(notice));
  return { daemon, clock, log, counted, issues, calls, store, writes, executor, workflow, removed, notices };
}

function memoryTracker(issues: Map<string, Issue>, calls: string[]): object {
  const note = <T>(call: string, answer: () => T): Promise<T> => {
    calls.push(call);
    return Promise.resolve().then(answer);
  };
  return {
    fetchCandidateIssues: () =>
      note('candidates', () => [...issues.values()].filter(({ state }) => state === 'Todo')),
    fetchIssueById: (id: string) =>
      note(`by id ${id}`, () => {
        const found = issues.get(id);
        if (found !== undefined) return { ...found, comments: [] };
        throw new TrackerError({ kind: 'tracker_not_found', method: 'GET', path: id, detail: 'gone' });
      }),
    fetchIssueStatesByIds: (ids: readonly string[]) =>
      note(`states ${ids.join(',')}`, () => new Map(ids.map((id) => [id, issues.get(id)?.state ?? '']))),
    fetchIssueStatesByIdentifiers: (keys: readonly string[]) =>
      note(`states by key ${keys.join(',')}`, () => {
        const all = [...issues.values()].filter(({ identifier }) => keys.includes(identifier));
        return new Map(all.map(({ identifier, state }) => [identifier, state]));
      }),
    transitionIssue: (id: string, state: string) =>
      note(`transition ${id} ${state}`, () => {
        const before = issues.get(id);
        if (before !== undefined) issues.set(id, { ...before, state });
      }),
    addComment: (id: string, body: string) => note(`comment ${id} ${body}`, () => 'c'),
  };
}

/** Lets the loop, the runs and the tracker come to rest. */
export async function rest(): Promise<void> {
  for (let turns = 0; turns < 6; turns += 1) await settled();
}
