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
          attempt: 1,
          status: 'succeeded',
          error: null,
          evidence: 'commit on fix/rounding; 3 files changed',
          agent_kind: 'claude-code',
          session_id: 'c0a8',
          workspace_path: '/srv/sortie/SHOP-12',
          started_at: new Date(NOW_MS - 1_200_000).toISOString(),
          completed_at: new Date(NOW_MS - 900_000).toISOString(),
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
