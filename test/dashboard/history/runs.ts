// One row of the history for tests.

import type { HistoryRun } from '../../../src/dashboard/wire.ts';

export function aRun(number: number, over: Partial<HistoryRun> = {}): HistoryRun {
  return {
    run_id: `run-${number}`,
    issue_id: String(number),
    issue_identifier: `SHOP-${number}`,
    title: `Piece of work ${number}`,
    attempt: 0,
    status: 'succeeded',
    error: null,
    evidence: null,
    agent_kind: 'claude-code',
    session_id: null,
    workspace_path: null,
    issue_url: null,
    issue_state: 'To Do',
    labels: [],
    started_at: '2026-11-22T09:00:00.000Z',
    completed_at: '2026-11-22T09:01:00.000Z',
    seconds_running: 60,
    turns_completed: 1,
    tokens: { input_tokens: 10, output_tokens: 2, total_tokens: 12, cache_read_tokens: 0 },
    cost_usd: 1,
    cost_estimated: false,
    ...over,
  };
}
