// What an outbox is made from, where a test says nothing else.

import type { TimelineEntry } from '../../../src/contract/observation.ts';
import type { OutboxWrite } from '../../../src/contract/outbox.ts';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import type { TrackerAdapter } from '../../../src/contract/tracker.ts';
import type { ToolLedger } from '../../../src/contract/tool-ledger.ts';
import type { OutboxParts } from '../../../src/tools/outbox/index.ts';
import type { NewWrite, ToolsClock } from '../../../src/tools/ports.ts';
import { rememberingCounters, rememberingLog } from '../../daemon/hand-clock.ts';

export const issue = { id: '1', identifier: 'DEMO-1' };

export interface Ground {
  readonly tracker: object;
  readonly ledger: ToolLedger;
  readonly clock: ToolsClock;
}

export function outboxParts(ground: Ground, change: Partial<OutboxParts> = {}) {
  const { counters, counted } = rememberingCounters();
  const log = rememberingLog();
  const witnessed: string[] = [];
  const timeline: TimelineEntry[] = [];
  let uuids = 0;
  const parts: OutboxParts = {
    tracker: ground.tracker as TrackerAdapter,
    ledger: ground.ledger,
    clock: ground.clock,
    log,
    newUuid: () => `own-${(uuids += 1)}`,
    settings: () => {
      throw new Error('the outbox asks for no settings');
    },
    counters,
    redact: (text) => text,
    witness: {
      writing: ({ writeId }) => witnessed.push(`writing ${writeId}`),
      written: ({ writeId, state }) => witnessed.push(`written ${writeId} ${state}`),
    },
    record: (entry) => timeline.push(entry),
    freshCheck: () => Promise.resolve(null),
    ...change,
  };
  return { parts, counted, log, witnessed, timeline };
}

export function newWrite(id: string, write: TrackerWrite, lane = 'issue:1'): NewWrite {
  return { id, lane, runId: 'run', issue, approvalId: null, write, before: null };
}

export const comment = (body = 'Something that is long enough'): TrackerWrite => ({
  operation: 'add_comment',
  issue,
  body,
});

export const move: TrackerWrite = {
  operation: 'transition_issue',
  issue,
  toState: 'Done',
  from: ['To Do'],
  transition: '',
};

export function row(change: Partial<OutboxWrite> = {}): OutboxWrite {
  return {
    ...newWrite('w', comment()),
    seq: 1,
    origin: 'agent',
    status: 'waiting',
    tries: 0,
    requestedAtMs: 0,
    sentAtMs: null,
    dueAtMs: null,
    endedAtMs: null,
    detail: '',
    result: null,
    ...change,
  };
}
