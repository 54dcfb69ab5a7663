// GET /api/v1/history: pages, filters, and refusals of what it does not understand.
import { describe, expect, it } from 'vitest';
import { historyRun, NOW_MS } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

describe('the history', () => {
  it('shows ended runs under the names of the contract', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun()];
    expect((await server.inject('/api/v1/history')).json()).toEqual({
      runs: [
        {
          run_id: '5d2c7a56-30c7-4f7e-9b0a-0d4a1c9b7e01',
          issue_id: '10012',
          issue_identifier: 'SHOP-12',
          title: 'Round prices to two digits',
          issue_state: 'To Do',
          issue_url: 'https://tracker.example/browse/SHOP-12',
          labels: ['backend', 'money'],
          attempt: 1,
          status: 'succeeded',
          error: null,
          evidence: 'commit on fix/rounding; 3 files changed',
          agent_kind: 'claude-code',
          session_id: 'c0a8',
          workspace_path: '/srv/sortie/SHOP-12',
          started_at: new Date(NOW_MS - 1_200_000).toISOString(),
          completed_at: new Date(NOW_MS - 900_000).toISOString(),
          seconds_running: 300,
          turns_completed: 4,
          tokens: {
            input_tokens: 90_000,
            output_tokens: 11_000,
            total_tokens: 101_000,
            cache_read_tokens: 400_000,
          },
          cost_usd: 0.82,
          cost_estimated: false,
        },
      ],
      next_cursor: null,
    });
    expect(daemon.queries).toEqual([{ limit: 50 }]);
  });

  it('is walked to its end by the cursor, each run once', async () => {
    const { server, daemon } = testServer();
    daemon.runs = Array.from({ length: 7 }, (_, index) => historyRun({ runId: `run-${index}` }));
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const page = (await server.inject(`/api/v1/history?limit=3${cursor}`)).json();
      seen.push(...page.runs.map(({ run_id }: { run_id: string }) => run_id));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(seen).toEqual(daemon.runs.map(({ runId }) => runId));
  });

  it('passes every filter to the store, times as points in time', async () => {
    const { server, daemon } = testServer();
    await server.inject(
      '/api/v1/history?agent=codex&state=In%20Progress&text=50%25%20off&since=-7d&until=2026-11-22T09:00:00Z',
    );
    expect(daemon.queries).toEqual([
      {
        limit: 50,
        agentKind: 'codex',
        state: 'In Progress',
        text: '50% off',
        sinceMs: NOW_MS - 7 * 86_400_000,
        untilMs: Date.UTC(2026, 10, 22, 9),
      },
    ]);
  });

  it.each(['since=yesterday', 'until=-7x', 'since=', 'until=2026-02-30'])(
    'refuses %s and says which field it is',
    async (query) => {
      const { server, daemon } = testServer();
      const answer = await server.inject(`/api/v1/history?${query}`);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
      expect(answer.json().error.message).toMatch(new RegExp(`^${query.split('=')[0]}: `));
      expect(daemon.queries).toEqual([]);
    },
  );

  it('links only to web pages', async () => {
    const { server, daemon } = testServer();
    daemon.runs = ['javascript:alert(1)', 'data:text/html,x', '/relative', 'https://ok.example/1'].map(
      (issueUrl) => historyRun({ issueUrl }),
    );
    const { runs } = (await server.inject('/api/v1/history')).json();
    expect(runs.map(({ issue_url }: { issue_url: string }) => issue_url)).toEqual([
      null,
      null,
      null,
      'https://ok.example/1',
    ]);
  });

  it('passes filters to the store', async () => {
    const { server, daemon } = testServer();
    await server.inject('/api/v1/history?identifier=SHOP%2F12&status=timed_out&limit=500');
    expect(daemon.queries).toEqual([{ identifier: 'SHOP/12', status: 'timed_out', limit: 500 }]);
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=abc',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'status=done',
    'status=',
    'identifier=',
    'identifer=SHOP-12',
    'cursor=not%20ours',
  ])('refuses ?%s and asks for nothing', async (query) => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun()];
    const answer = await server.inject(`/api/v1/history?${query}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
    expect(answer.json().error.message).not.toBe('');
  });

  it('hides what broke in the store, and says it to the log', async () => {
    const { server, daemon, warnings } = testServer();
    daemon.store.history = async () => {
      throw new Error('/secret/path/db.sqlite is corrupt');
    };
    const answer = await server.inject('/api/v1/history');
    expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'internal_error']);
    expect(answer.body).not.toMatch(/secret|sqlite|at .*\.ts/);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.fields).toMatchObject({ route: '/api/v1/history' });
  });
});
