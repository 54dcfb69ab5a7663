// What a scrape shows: zeros from the start, counts where they belong, gauges from the snapshot.
import { describe, expect, it } from 'vitest';
import { DAEMON_CONTROLS, ISSUE_CONTROLS } from '../../src/contract/controls.ts';
import type { DispatchControl } from '../../src/contract/controls.ts';
import { PAUSE_REASONS } from '../../src/contract/snapshot.ts';
import { PARK_REASONS } from '../../src/contract/store.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/index.ts';
import { NOW_MS, running, snapshot } from '../http/fake-daemon.ts';

async function samples(metrics: Metrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

describe('metrics', () => {
  it('are zero before anything happened, for every known label', async () => {
    const found = await samples(createMetrics({ version: '1.2.3' }));
    expect(found.get(`sortie_build_info{version="1.2.3",node_version="${process.version}"}`)).toBe(1);
    for (const reason of PARK_REASONS) expect(found.get(`sortie_issues_parked{reason="${reason}"}`)).toBe(0);
    for (const reason of PAUSE_REASONS) {
      expect(found.get(`sortie_dispatch_paused{reason="${reason}"}`)).toBe(0);
    }
    for (const control of [...DAEMON_CONTROLS, ...ISSUE_CONTROLS]) {
      expect(found.get(`sortie_operator_actions_total{control="${control}"}`)).toBe(0);
    }
    for (const name of [
      'sortie_dispatch_mode{mode="running"}',
      'sortie_dispatch_mode{mode="draining"}',
      'sortie_issues_waiting',
      'sortie_breaker_open',
      'sortie_approvals_total{status="expired"}',
      'sortie_approvals_pending',
      'sortie_outbox_writes_total{operation="living_comment",result="refused"}',
      'sortie_outbox_open',
      'sortie_audit_entries_total',
      'sortie_notifications_total{kind="slack",result="given_up"}',
      'sortie_dispatches_total{outcome="error"}',
      'sortie_worker_exits_total{exit_type="cancelled"}',
      'sortie_retries_total{trigger="stall"}',
      'sortie_poll_cycles_total{result="skipped"}',
      'sortie_tracker_requests_total{operation="fetch_states_by_identifiers",result="error"}',
      'sortie_tracker_comments_total{lifecycle="completion",result="success"}',
      'sortie_tokens_total{type="cache_read"}',
      'sortie_worker_duration_seconds_count{exit_type="normal"}',
      'sortie_poll_duration_seconds_count',
      'sortie_slots_available',
      'sortie_agent_runtime_seconds_total',
    ]) {
      expect(found.get(name), name).toBe(0);
    }
  });

  it('count what happened, under the right labels', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.countTokens({ inputTokens: 100, outputTokens: 10, cacheReadTokens: 20 });
    metrics.countTokens({ inputTokens: 1, outputTokens: 0, cacheReadTokens: 0 });
    metrics.countDispatch('success');
    metrics.countWorkerExit('error', 42.5);
    metrics.countRetry('continuation');
    metrics.countReconciliation('cleanup');
    metrics.countPollCycle('success', 0.15);
    metrics.countTrackerRequest('fetch_issue', 'error');
    metrics.countHandoffTransition('skipped');
    metrics.countDispatchTransition('success');
    metrics.countTrackerComment('failure', 'error');
    metrics.countNotification('webhook', 'error');
    metrics.countOperatorAction('unhold');
    metrics.countToolCall('Bash', 'success');
    const found = await samples(metrics);
    expect(
      Object.fromEntries([...found].filter(([name, value]) => /^sortie_.*_total/.test(name) && value > 0)),
    ).toEqual({
      'sortie_tokens_total{type="input"}': 101,
      'sortie_tokens_total{type="output"}': 10,
      'sortie_tokens_total{type="cache_read"}': 20,
      'sortie_dispatches_total{outcome="success"}': 1,
      'sortie_worker_exits_total{exit_type="error"}': 1,
      sortie_agent_runtime_seconds_total: 42.5,
      'sortie_retries_total{trigger="continuation"}': 1,
      'sortie_reconciliation_actions_total{action="cleanup"}': 1,
      'sortie_poll_cycles_total{result="success"}': 1,
      'sortie_tracker_requests_total{operation="fetch_issue",result="error"}': 1,
      'sortie_handoff_transitions_total{result="skipped"}': 1,
      'sortie_dispatch_transitions_total{result="success"}': 1,
      'sortie_tracker_comments_total{lifecycle="failure",result="error"}': 1,
      'sortie_notifications_total{kind="webhook",result="error"}': 1,
      'sortie_operator_actions_total{control="unhold"}': 1,
      'sortie_tool_calls_total{tool="Bash",result="success"}': 1,
    });
    expect(found.get('sortie_worker_duration_seconds_sum{exit_type="error"}')).toBe(42.5);
    expect(found.get('sortie_poll_duration_seconds_bucket{le="0.1"}')).toBe(0);
    expect(found.get('sortie_poll_duration_seconds_bucket{le="0.2"}')).toBe(1);
  });

  it('have the buckets of the contract', async () => {
    const found = [...(await samples(createMetrics({ version: '1' }))).keys()];
    const bounds = (name: string): number[] =>
      found.flatMap((line) => {
        const match = new RegExp(`^${name}_bucket\\{le="([\\d.]+)"`).exec(line);
        return match === null || (line.includes('exit_type') && !line.includes('normal'))
          ? []
          : [Number(match[1])];
      });
    expect(bounds('sortie_poll_duration_seconds')).toEqual([
      0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2,
    ]);
    expect(bounds('sortie_worker_duration_seconds')).toEqual(
      Array.from({ length: 12 }, (_, power) => 10 * 2 ** power),
    );
  });

  it('show the snapshot as it is at the scrape', async () => {
    let current = snapshot({ slots: { limit: 10, used: 3 } });
    const metrics = createMetrics({ version: '1', snapshot: () => current, nowMs: () => NOW_MS });
    const first = await samples(metrics);
    expect(first.get('sortie_sessions_running')).toBe(1);
    expect(first.get('sortie_sessions_retrying')).toBe(1);
    expect(first.get('sortie_issues_parked{reason="blocked"}')).toBe(1);
    expect(first.get('sortie_dispatch_paused{reason="quota"}')).toBe(1);
    expect(first.get('sortie_dispatch_paused{reason="budget"}')).toBe(0);
    expect(first.get('sortie_slots_available')).toBe(7);
    expect(first.get('sortie_active_sessions_elapsed_seconds')).toBe(754);
    current = snapshot({
      running: [running({ startedAtMs: NOW_MS + 60_000 })],
      parked: [],
      pauses: [],
      slots: { limit: 1, used: 3 },
    });
    const second = await samples(metrics);
    expect(second.get('sortie_issues_parked{reason="blocked"}')).toBe(0);
    expect(second.get('sortie_dispatch_paused{reason="quota"}')).toBe(0);
    expect(second.get('sortie_slots_available')).toBe(0);
    expect(second.get('sortie_active_sessions_elapsed_seconds')).toBe(0);
  });

  it('say what the operator said, what waits, and whether the breaker is open', async () => {
    const dispatch: DispatchControl = { mode: 'paused', by: 'ada', reason: '', sinceMs: 0 };
    let current = snapshot({
      dispatch,
      waitingTotal: 300,
      pauses: [{ reason: 'breaker', agentKind: null, detail: '', untilMs: null }],
    });
    const metrics = createMetrics({ version: '1', snapshot: () => current });
    const first = await samples(metrics);
    expect(first.get('sortie_dispatch_mode{mode="running"}')).toBe(0);
    expect(first.get('sortie_dispatch_mode{mode="paused"}')).toBe(1);
    expect(first.get('sortie_issues_waiting')).toBe(300);
    expect(first.get('sortie_breaker_open')).toBe(1);
    expect(first.get('sortie_dispatch_paused{reason="breaker"}')).toBe(1);
    current = snapshot({ dispatch: { ...dispatch, mode: 'running' }, waitingTotal: 0, pauses: [] });
    const second = await samples(metrics);
    expect(second.get('sortie_dispatch_mode{mode="running"}')).toBe(1);
    expect(second.get('sortie_dispatch_mode{mode="paused"}')).toBe(0);
    expect(second.get('sortie_breaker_open')).toBe(0);
  });

  it('show the review limit while there is one, and nothing when there is none', async () => {
    const dispatch: DispatchControl = { mode: 'running', by: '', reason: '', sinceMs: 0 };
    let current = snapshot({ dispatch, handoff: { limit: 5, count: 7, asOfMs: NOW_MS } });
    const metrics = createMetrics({ version: '1', snapshot: () => current });
    const first = await samples(metrics);
    expect([first.get('sortie_handoff_issues'), first.get('sortie_handoff_limit')]).toEqual([7, 5]);
    current = snapshot({ dispatch, handoff: null });
    const second = [...(await samples(metrics)).keys()];
    expect(second.filter((name) => name.startsWith('sortie_handoff_') && !name.includes('{'))).toEqual([]);
  });

  it('take whatever number an agent reports', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.countTokens({ inputTokens: -5, outputTokens: Number.NaN, cacheReadTokens: Infinity });
    metrics.countWorkerExit('normal', Number.NaN);
    const found = await samples(metrics);
    expect(found.get('sortie_tokens_total{type="input"}')).toBe(0);
    expect(found.get('sortie_agent_runtime_seconds_total')).toBe(0);
  });

  it('keep the number of tool names bounded, whatever agents invent', async () => {
    const metrics = createMetrics({ version: '1' });
    for (let index = 0; index < 1_000; index++) metrics.countToolCall(`tool-${index}"\n`, 'success');
    const found = [...(await samples(metrics))].filter(([name]) =>
      name.startsWith('sortie_tool_calls_total'),
    );
    expect(found).toHaveLength(51);
    expect(found.find(([name]) => name.includes('tool="other"'))?.[1]).toBe(950);
  });

  it('live in a registry of their own, with one content type and Node’s metrics in it', async () => {
    const [one, two] = [createMetrics({ version: '1' }), createMetrics({ version: '2' })];
    one.countDispatch('success');
    expect((await samples(two)).get('sortie_dispatches_total{outcome="success"}')).toBe(0);
    expect(one.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    const found = await samples(one);
    expect(found.get('process_start_time_seconds')).toBeGreaterThan(0);
    expect([...found.keys()].some((name) => name.startsWith('nodejs_eventloop_lag'))).toBe(true);
  });
});
