// One transition of the orchestrator's on the file tracker: through the outbox (recorded, sent, ended: three durable
// writes with their audit entries) against the adapter called directly. The file is synced to the disk on both sides.

import { join } from 'node:path';
import type { TrackerWriter } from '../src/contract/tracker-writer.ts';
import type { TrackerAdapter } from '../src/contract/tracker.ts';
import { builtFileTracker, builtOutbox, builtStore } from './built.ts';
import type { Bench } from './sample.ts';
import { makeIssue, writeIssues } from './workflow.ts';

const ROUNDS = 100;
const WARM_UP_ROUNDS = 20;

export async function measureOutbox(bench: Bench): Promise<void> {
  const { folder, record } = bench;
  const path = await writeIssues(
    folder,
    Array.from({ length: 50 }, (_, number) => makeIssue(number)),
  );
  const { tracker: registration } = await builtFileTracker();
  const tracker = registration.create({
    kind: 'file',
    endpoint: '',
    apiKey: '',
    project: '',
    queryFilter: '',
    activeStates: ['To Do', 'In Progress'],
    terminalStates: ['Done'],
    richText: 'plain',
    settings: { path },
    workflowDirectory: folder,
    warn: console.error,
  });
  const signal = new AbortController().signal;
  const writer = await startOutbox(bench, tracker);
  const issue = await tracker.fetchIssueById(makeIssue(1).id, signal);
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    let startMs = performance.now();
    await writer.transition({ issue, runId: 'run', toState: 'In Progress', from: ['To Do'] }, signal);
    const ours = performance.now() - startMs;
    startMs = performance.now();
    await tracker.transitionIssue(issue.id, 'To Do', { from: ['In Progress'] }, signal);
    const floor = performance.now() - startMs;
    if (round <= 0) continue;
    record('tools: a transition through the outbox', 'ms', 'ours', ours);
    record('tools: a transition through the outbox', 'ms', 'floor', floor);
  }
}

async function startOutbox({ folder, defer }: Bench, tracker: TrackerAdapter): Promise<TrackerWriter> {
  const { openStore } = await builtStore();
  const store = await openStore({
    path: join(folder, 'outbox.db'),
    tracker: { kind: 'file', identity: '/issues.json' },
  });
  defer(() => store.close());
  const { createOutbox } = await builtOutbox();
  const nothing = (): void => undefined;
  let ids = 0;
  const outbox = createOutbox({
    tracker,
    ledger: store.tools,
    clock: {
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      after(delayMs, fire) {
        const timer = setTimeout(fire, delayMs);
        return () => {
          clearTimeout(timer);
        };
      },
    },
    log: { debug: nothing, info: nothing, warn: console.error, error: console.error },
    newUuid: () => `write-${(ids += 1)}`,
    settings: () => {
      throw new Error('the outbox asks for no settings');
    },
    counters: {
      countApproval: nothing,
      countOutboxWrite: nothing,
      countAuditEntries: nothing,
      countToolCall: nothing,
      countTrackerComment: nothing,
    },
    redact: (text) => text,
    witness: { writing: nothing, written: nothing },
    record: nothing,
    freshCheck: () => Promise.resolve(null),
  });
  defer(() => outbox.close());
  await outbox.start();
  return outbox.writer;
}
