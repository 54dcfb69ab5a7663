// The past over HTTP: timelines, prompts, figures, samples, operators' words, and what their queries refuse.
import { describe, expect, it } from 'vitest';
import { historyRun, NOW_MS } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

const SECOND_RUN = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';

describe('a timeline', () => {
  it('is walked backwards to its beginning, each entry once, oldest first on a page', async () => {
    const { server, daemon } = testServer();
    let seen: number[] = [];
    let before = '';
    for (;;) {
      const page = (await server.inject(`/api/v1/issues/shop-42/timeline?limit=15${before}`)).json();
      seen = [...page.entries.map(({ seq }: { seq: number }) => seq), ...seen];
      if (page.before === null) break;
      before = `&before=${page.before}`;
    }
    expect(seen).toEqual(daemon.timeline.map(({ seq }) => seq));
    expect(seen).toHaveLength(40);
  });

  it('has durations in seconds and times in ISO', async () => {
    const { server } = testServer();
    const { entries } = (await server.inject('/api/v1/issues/SHOP-42/timeline')).json();
    expect(entries[0]).toEqual({
      seq: 101,
      at: new Date(NOW_MS - 5_400_000).toISOString(),
      run_id: null,
      attempt: null,
      kind: 'verdict',
      name: 'blocked_by',
      detail: 'SHOP-40 is In Progress',
      duration_seconds: null,
      ok: null,
    });
    const failed = entries.find(({ kind }: { kind: string }) => kind === 'run_finished');
    expect(failed).toMatchObject({ attempt: 0, duration_seconds: 454, ok: false });
  });

  it('is there for an issue that only the store or the history knows', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun()];
    const answer = await server.inject('/api/v1/issues/shop-12/timeline');
    expect([answer.statusCode, answer.json()]).toEqual([200, { entries: [], before: null }]);
  });

  it('is not found for an issue that nobody knows', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/issues/NOPE-1/timeline');
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'issue_not_found']);
  });
});

describe('prompts', () => {
  it('are shown by turn, secrets taken out', async () => {
    const { server } = testServer({ redact: (text) => text.replaceAll('voucher', '[redacted]') });
    const { prompts } = (await server.inject(`/api/v1/runs/${SECOND_RUN}/prompts`)).json();
    expect(prompts.map(({ turn, cut }: { turn: number; cut: boolean }) => [turn, cut])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    expect(prompts[0].text).toContain('[redacted]');
    expect(prompts[0].text).not.toContain('voucher');
    expect(prompts[0].at).toBe(new Date(NOW_MS - 749_000).toISOString());
  });

  it('of an unknown run are not found', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/runs/nope/prompts');
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'run_not_found']);
  });

  it('are the kept ones where transcripts are kept', async () => {
    const { server, daemon } = testServer();
    daemon.prompts = {};
    expect((await server.inject(`/api/v1/runs/${SECOND_RUN}/prompts`)).statusCode).toBe(404);
  });
});

describe('figures', () => {
  it('are those of the last 30 days by day when nothing is said', async () => {
    const { server } = testServer();
    const stats = (await server.inject('/api/v1/stats')).json();
    expect(stats).toMatchObject({
      since: new Date(NOW_MS - 30 * 86_400_000).toISOString(),
      until: new Date(NOW_MS).toISOString(),
      bucket_seconds: 86_400,
    });
    expect(stats.rows.length).toBeGreaterThan(20);
    for (const row of stats.rows) {
      expect(row.runs).toBe(Object.values<number>(row.by_status).reduce((all, one) => all + one, 0));
      expect(row.tokens.total_tokens).toBe(row.tokens.input_tokens + row.tokens.output_tokens);
      expect(row.seconds_p50).toBeLessThanOrEqual(row.seconds_p95);
    }
  });

  it('are grouped as asked, and add up to the same', async () => {
    const { server } = testServer();
    const runsOf = async (query: string): Promise<number> => {
      const answer = await server.inject(`/api/v1/stats?since=-60d&${query}`);
      const { rows } = answer.json<{ rows: { runs: number }[] }>();
      return rows.reduce((all, { runs }) => all + runs, 0);
    };
    const all = await runsOf('bucket=none');
    expect(all).toBeGreaterThan(200);
    expect(await runsOf('bucket=week&group=agent')).toBe(all);
    expect(await runsOf('bucket=hour&group=status')).toBe(all);
    expect(await runsOf('bucket=none&group=label')).toBeGreaterThan(all);
  });

  it('have no span length when they are in one piece', async () => {
    const { server } = testServer();
    const stats = (await server.inject('/api/v1/stats?bucket=none')).json();
    expect(stats.bucket_seconds).toBeNull();
    expect(stats.rows).toHaveLength(1);
    expect(stats.rows[0].start).toBe(stats.since);
  });
});

describe('samples', () => {
  it('tell how busy the daemon was', async () => {
    const { server } = testServer();
    const { bucket_seconds, rows } = (await server.inject('/api/v1/samples?since=-7d&bucket=hour')).json();
    expect(bucket_seconds).toBe(3_600);
    expect(rows).toHaveLength(168);
    expect(rows[0].poll_seconds_mean).toBeLessThanOrEqual(rows[0].poll_seconds_max);
  });

  it('have no mean where there was no poll', async () => {
    const { server, daemon } = testServer();
    const [sample] = await daemon.store.samples({
      sinceMs: NOW_MS - 7_200_000,
      untilMs: NOW_MS,
      bucketMs: 3_600_000,
    });
    daemon.store.samples = async () => [{ ...sample!, polls: 0, pollSeconds: 0 }];
    const { rows } = (await server.inject('/api/v1/samples')).json();
    expect(rows[0]).toMatchObject({ polls: 0, poll_seconds_mean: null });
  });
});

describe('operators’ words', () => {
  it('come newest first, as many as asked for', async () => {
    const { server } = testServer();
    const { actions } = (await server.inject('/api/v1/operator-actions?limit=2')).json();
    expect(actions.map(({ control }: { control: string }) => control)).toEqual(['dispatch', 'resume']);
    expect(actions[0]).toEqual({
      at: new Date(NOW_MS - 3_640_000).toISOString(),
      control: 'dispatch',
      issue_identifier: 'SHOP-42',
      by: 'anna',
      reason: 'the customer waits',
    });
  });

  it('show no secret that somebody wrote', async () => {
    const { server } = testServer({ redact: (text) => text.replaceAll('anna', '[redacted]') });
    expect((await server.inject('/api/v1/operator-actions')).body).not.toContain('anna');
    const { dispatch } = (await server.inject('/api/v1/state')).json();
    expect(dispatch.by).toBe('[redacted]');
  });
});

describe('a query', () => {
  it.each([
    ['stats?since=-6y', 'since'],
    ['stats?since=2020-01-01', 'since'],
    ['stats?since=0001-01-01&bucket=none', 'since'],
    ['stats?since=-1d&until=-2d', 'until'],
    ['stats?since=now', 'until'],
    ['stats?since=-1000d&bucket=hour', 'bucket'],
    ['stats?bucket=minute', 'bucket'],
    ['stats?group=issue', 'group'],
    ['stats?by=agent', 'by'],
    ['samples?since=-2d&bucket=minute', 'bucket'],
    ['samples?bucket=none', 'bucket'],
    ['samples?until=soon', 'until'],
    ['issues/SHOP-42/timeline?limit=1001', 'limit'],
    ['issues/SHOP-42/timeline?limit=0', 'limit'],
    ['issues/SHOP-42/timeline?before=x', 'before'],
    ['issues/SHOP-42/timeline?before=-1', 'before'],
    ['operator-actions?limit=all', 'limit'],
  ])('%s is refused with the name of the field', async (path, field) => {
    const { server } = testServer();
    const answer = await server.inject(`/api/v1/${path}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_request']);
    expect(answer.json().error.message).toContain(field);
  });

  it('may reach back five years', async () => {
    const { server } = testServer();
    expect((await server.inject('/api/v1/stats?since=-1826d&bucket=day')).statusCode).toBe(200);
    expect((await server.inject('/api/v1/samples?since=-1826d&bucket=day')).statusCode).toBe(200);
  });
});
