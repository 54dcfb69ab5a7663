// GET /api/v1/state: the contract's fields under the contract's names, converted once.
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

describe('the state', () => {
  it('has the fields of the contract, in snake_case, with ISO times and added-up totals', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/state');
    expect(answer.statusCode).toBe(200);
    const state = answer.json();
    expect(state).toMatchObject({
      generated_at: new Date(NOW_MS).toISOString(),
      counts: { running: 1, retrying: 1, parked: 1 },
      pauses: [
        {
          reason: 'quota',
          agent_kind: 'codex',
          detail: 'usage limit of the plan',
          until: new Date(NOW_MS + 7_200_000).toISOString(),
        },
      ],
      rate_limits: [
        {
          agent_kind: 'claude-code',
          at: new Date(NOW_MS - 30_000).toISOString(),
          windows: [
            {
              name: 'five_hour',
              used_percent: 61.5,
              resets_at: new Date(NOW_MS + 3_600_000).toISOString(),
            },
          ],
        },
      ],
      today: {
        day: '2026-11-22',
        tokens: {
          input_tokens: 204_500,
          output_tokens: 31_200,
          total_tokens: 235_700,
          cache_read_tokens: 1_900_000,
        },
        cost_usd: 3.27,
      },
      active_estimated_cost_usd: 0.41,
      workflow_loaded_at: new Date(NOW_MS - 5_000_000).toISOString(),
      runs_ended: 17,
      agent_totals: {
        input_tokens: 1_204_500,
        output_tokens: 187_300,
        total_tokens: 1_391_800,
        cache_read_tokens: 9_800_000,
        seconds_running: 18_422.5,
      },
    });
    expect(Object.keys(state.running[0]).sort()).toEqual(
      [
        'issue_id',
        'issue_identifier',
        'title',
        'state',
        'run_id',
        'session_id',
        'phase',
        'attempt',
        'turn_count',
        'last_event',
        'last_message',
        'started_at',
        'last_event_at',
        'workspace_path',
        'agent_kind',
        'model_name',
        'tokens',
        'cost_usd',
        'cost_estimated',
        'tools',
      ].sort(),
    );
    expect(state.running[0].tokens).toEqual({
      input_tokens: 48_210,
      output_tokens: 6_934,
      total_tokens: 55_144,
      cache_read_tokens: 310_400,
    });
    expect(state.retrying[0]).toMatchObject({
      issue_id: '10057',
      issue_identifier: 'SHOP-57',
      attempt: 2,
      due_at: new Date(NOW_MS + 40_000).toISOString(),
      error: 'agent: turn_failed: exit 1 after 214 s',
      trigger: 'error',
    });
    expect(state.parked[0]).toMatchObject({
      issue_id: '10031',
      issue_identifier: 'SHOP-31',
      reason: 'blocked',
      detail: 'the agent wrote "blocked" to .sortie/status',
      parked_at: new Date(NOW_MS - 3_600_000).toISOString(),
      until: null,
      ends_on: ['issue_change', 'workflow_change', 'operator'],
    });
  });

  it('is unavailable until recovery has finished', async () => {
    const { server, daemon } = testServer();
    daemon.snapshot = null;
    const answer = await server.inject('/api/v1/state');
    expect(answer.statusCode).toBe(503);
    expect(answer.json().error.code).toBe('snapshot_unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('survives what an agent may report: odd counts and a time that no date can hold', async () => {
    const { server, daemon, warnings } = testServer();
    const tokens = { inputTokens: -3, outputTokens: 2.5, cacheReadTokens: Number.NaN };
    daemon.snapshot = snapshot({
      running: [running({ tokens, lastEventAtMs: 9e18, startedAtMs: Number.NaN })],
    });
    const answer = await server.inject('/api/v1/state');
    expect(answer.statusCode).toBe(200);
    expect(answer.json().running[0]).toMatchObject({
      started_at: '1970-01-01T00:00:00.000Z',
      last_event_at: '9999-12-31T23:59:59.999Z',
      tokens: { input_tokens: 0, output_tokens: 2, total_tokens: 2, cache_read_tokens: 0 },
    });
    expect(warnings).toEqual([]);
  });

  it('survives counts whose sum no integer can hold', async () => {
    const { server, daemon, warnings } = testServer();
    const most = Number.MAX_SAFE_INTEGER;
    const tokens = { inputTokens: most, outputTokens: 1e308, cacheReadTokens: Infinity };
    daemon.snapshot = snapshot({ running: [running({ tokens })] });
    const answer = await server.inject('/api/v1/state');
    expect(answer.statusCode).toBe(200);
    expect(answer.json().running[0].tokens).toEqual({
      input_tokens: most,
      output_tokens: most,
      total_tokens: most,
      cache_read_tokens: most,
    });
    expect(warnings).toEqual([]);
  });

  it('says which reload was refused and why nothing is dispatched', async () => {
    const { server, daemon } = testServer();
    daemon.readiness = { ...daemon.readiness, reloadError: 'WORKFLOW.md:3:1: unclosed fence' };
    daemon.snapshot = snapshot({
      preflightProblems: ['agent command not found: claude'],
      lastTick: { atMs: NOW_MS, result: 'skipped', error: 'preflight failed' },
    });
    expect((await server.inject('/api/v1/state')).json()).toMatchObject({
      reload_error: 'WORKFLOW.md:3:1: unclosed fence',
      preflight_problems: ['agent command not found: claude'],
      last_tick: { at: new Date(NOW_MS).toISOString(), result: 'skipped', error: 'preflight failed' },
    });
  });
});
