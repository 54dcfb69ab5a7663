// A daemon's state as the API gives it: nothing happens in it unless a test says so.

import type { Status } from '../../src/cli/status-text.ts';

export const NOW = Date.UTC(2026, 10, 22, 9, 30);

export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

export function aStatus(change: Partial<Status> = {}): Status {
  return {
    mode: 'running',
    dispatch: { mode: 'running', by: '', reason: '', since: null, drained: false },
    slots: { limit: 3, used: 0 },
    counts: { running: 0, retrying: 0, parked: 0 },
    running: [],
    retrying: [],
    parked: [],
    waiting: [],
    waiting_total: 0,
    pauses: [],
    handoff: null,
    tracker: { error: null, throttles: [] },
    today: { cost_usd: 3.27, tokens: { total_tokens: 235_700 } },
    budget: { max_tokens_per_day: null, max_usd_per_day: null },
    preflight_problems: [],
    reload_error: null,
    last_tick: { at: ago(12), result: 'success', error: null },
    ...change,
  };
}

export function aRun(change: Partial<Status['running'][number]> = {}): Status['running'][number] {
  return {
    issue_identifier: 'SHOP-42',
    title: 'Checkout forgets the voucher',
    phase: 'streaming_turn',
    attempt: 0,
    turn_count: 3,
    started_at: ago(754),
    last_message: 'Running the tests',
    tokens: { total_tokens: 55_144 },
    cost_usd: 0.41,
    cost_estimated: true,
    agent_kind: 'claude-code',
    ...change,
  };
}
