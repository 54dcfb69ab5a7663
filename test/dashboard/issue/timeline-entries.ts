// One entry of a timeline for tests.

import type { TimelineEntry } from '../../../src/dashboard/wire.ts';

export function entry(seq: number, kind: string, over: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    seq,
    at: new Date(Date.UTC(2026, 10, 22, 9, 0, seq)).toISOString(),
    run_id: null,
    attempt: null,
    kind,
    name: '',
    detail: '',
    duration_seconds: null,
    ok: null,
    ...over,
  };
}
