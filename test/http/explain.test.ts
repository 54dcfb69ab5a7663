// Why not? And what is in force: the verdict of one issue, and the settings with their sources.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

describe('an explanation', () => {
  it('says what stands in the way, since when, and what would change it', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/issues/shop-64/explain');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        issue_id: '10064',
        issue_identifier: 'SHOP-64',
        verdict: 'blocked_by',
        detail: 'SHOP-42 is In Progress',
        since: new Date(NOW_MS - 5_400_000).toISOString(),
        as_of: new Date(NOW_MS - 12_000).toISOString(),
        ends_on: ['blocker_closed'],
        controls: ['dispatch', 'hold'],
      },
    ]);
  });

  it('is an answer, too, for an issue that nobody knows', async () => {
    const { server } = testServer();
    expect((await server.inject('/api/v1/issues/NOPE-1/explain')).json()).toMatchObject({
      issue_id: null,
      issue_identifier: 'NOPE-1',
      verdict: 'not_found',
      since: null,
    });
  });

  it.each([
    ['tracker_failed', 502],
    ['snapshot_unavailable', 503],
  ] as const)('that fails as %s is a %i without secrets', async (code, status) => {
    const { server, daemon } = testServer({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
    daemon.explainAnswer = { kind: 'failed', code, message: 'GET /?key=hunter2' };
    const answer = await server.inject('/api/v1/issues/SHOP-1/explain');
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { error: { code, message: 'GET /?key=[redacted]' } },
    ]);
  });
});

describe('an issue', () => {
  it('has its title, state and address, and what may be done with it', async () => {
    const { server } = testServer();
    expect((await server.inject('/api/v1/issues/SHOP-42')).json()).toMatchObject({
      title: 'Checkout forgets the voucher when the cart is empty',
      state: 'In Progress',
      url: 'https://tracker.example/browse/SHOP-42',
      controls: ['cancel'],
    });
  });
});

describe('the state', () => {
  it('shows what waits, the operator’s word, the review limit, the tracker’s health and the day’s limits', async () => {
    const { server, daemon } = testServer();
    daemon.readiness = {
      ...daemon.readiness,
      throttles: [{ scope: 'tracker', untilMs: NOW_MS + 20_000, reason: '429' }],
    };
    const state = (await server.inject('/api/v1/state')).json();
    const throttle = { scope: 'tracker', until: new Date(NOW_MS + 20_000).toISOString(), reason: '429' };
    expect(state).toMatchObject({
      waiting_total: 3,
      dispatch: {
        mode: 'running',
        by: 'anna',
        reason: 'the deployment is done',
        since: new Date(NOW_MS - 4_000_000).toISOString(),
        drained: false,
      },
      handoff: { limit: 5, count: 3, as_of: new Date(NOW_MS - 12_000).toISOString() },
      budget: { max_tokens_per_day: 5_000_000, max_usd_per_day: 25 },
      tracker_throttles: [throttle],
    });
    expect(state.tracker.throttles).toEqual([throttle]);
    expect(state.tracker.error.message).toContain('429');
    expect(state.waiting[1]).toEqual({
      issue_id: '10064',
      issue_identifier: 'SHOP-64',
      title: 'Search finds nothing for umlauts',
      verdict: 'blocked_by',
      detail: 'SHOP-42 is In Progress',
      since: new Date(NOW_MS - 5_400_000).toISOString(),
      as_of: new Date(NOW_MS - 12_000).toISOString(),
    });
    expect(state.running[0]).toMatchObject({ cost_usd: 0.41, cost_estimated: true });
  });

  it('says null for a word that nobody has said, and for limits that nobody has set', async () => {
    const { server, daemon } = testServer();
    daemon.change({
      dispatch: { mode: 'running', by: '', reason: '', sinceMs: 0 },
      handoff: null,
      budget: { maxTokensPerDay: 0, maxUsdPerDay: 0 },
    });
    daemon.readiness = { ...daemon.readiness, trackerError: null };
    expect((await server.inject('/api/v1/state')).json()).toMatchObject({
      dispatch: { since: null },
      handoff: null,
      budget: { max_tokens_per_day: null, max_usd_per_day: null },
      tracker: { error: null, throttles: [] },
    });
  });
});

describe('the settings', () => {
  it('are shown with their sources and the last reload', async () => {
    const { server, daemon } = testServer();
    daemon.readiness = { ...daemon.readiness, reloadError: 'WORKFLOW.md:3: x', reloadFailedAtMs: NOW_MS };
    const answer = (await server.inject('/api/v1/settings')).json();
    expect(answer).toMatchObject({
      workflow_path: '/srv/shop/WORKFLOW.md',
      loaded_at: new Date(NOW_MS - 5_000_000).toISOString(),
      reload_error: 'WORKFLOW.md:3: x',
      reload_failed_at: new Date(NOW_MS).toISOString(),
    });
    expect(answer.settings).toHaveLength(daemon.settings.effective.length);
    expect(answer.settings[3]).toEqual({
      key: 'tracker.api_key',
      value: '***',
      source: 'environment',
      place: 'SORTIE_TRACKER_API_KEY',
    });
  });

  it('show no secret, even one that was not masked', async () => {
    const { server, daemon } = testServer({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
    daemon.settings = {
      path: '/srv/hunter2/WORKFLOW.md',
      effective: [
        { key: 'agent.command', value: 'x --key hunter2', source: 'front_matter', place: 'hunter2:7' },
      ],
    };
    expect((await server.inject('/api/v1/settings')).body).not.toContain('hunter2');
  });

  it('are nowhere where nobody gives them', async () => {
    const { server } = testServer({ settingsView: undefined });
    expect((await server.inject('/api/v1/settings')).statusCode).toBe(404);
  });
});
