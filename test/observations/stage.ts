// Notices as the core tells them, and a store that keeps what it is given, or does not.

import type { DaemonNotice, IssueNotice, NoticeSubject } from '../../src/contract/notice.ts';
import type { Sample, TimelineEntry } from '../../src/contract/observation.ts';

export const subject: NoticeSubject = {
  issueId: '10042',
  issueIdentifier: 'SHOP-42',
  runId: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
  sessionId: 's',
  attempt: 2,
};

export function toolEnded(tool: string): IssueNotice {
  return { ...subject, kind: 'tool_ended', tool, durationMs: 5, ok: true };
}

export function tickCompleted(durationMs: number): DaemonNotice {
  return {
    kind: 'tick_completed',
    result: 'success',
    durationMs,
    candidates: 0,
    dispatched: 0,
    nothingEligible: true,
    throttled: false,
    error: '',
  };
}

export interface KeepingStore {
  readonly batches: TimelineEntry[][];
  readonly samples: Sample[];
  /** Writes fail while it is set. */
  failure: Error | null;
  /** Writes wait for it. */
  gate: Promise<void>;
  record(entries: readonly TimelineEntry[]): Promise<void>;
  sample(sample: Sample): Promise<void>;
}

export function keepingStore(): KeepingStore {
  const store: KeepingStore = {
    batches: [],
    samples: [],
    failure: null,
    gate: Promise.resolve(),
    async record(entries) {
      await store.gate;
      if (store.failure !== null) throw store.failure;
      store.batches.push([...entries]);
    },
    async sample(sample) {
      await store.gate;
      if (store.failure !== null) throw store.failure;
      store.samples.push(sample);
    },
  };
  return store;
}
