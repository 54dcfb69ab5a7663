// GET /api/v1/{identifier}: live issues, issues that only the history knows, and identifiers of any shape.
import { describe, expect, it } from 'vitest';
import type { IssueSnapshot } from '../../src/contract/snapshot.ts';
import { historyRun, NOW_MS, running, snapshot } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

const fields = [
  'issue_id',
  'issue_identifier',
  'status',
  'title',
  'state',
  'url',
  'verdict',
  'workspace',
  'attempts',
  'running',
  'retry',
  'park',
  'recent_events',
  'last_error',
  'controls',
];

function live(over: Partial<IssueSnapshot> = {}): IssueSnapshot {
  return {
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    title: 'Fix the basket',
    issueState: 'In Progress',
    issueUrl: 'https://tracker.example/browse/SHOP-42',
    status: 'running',
    verdict: { verdict: 'running', detail: '', sinceMs: NOW_MS - 5_000, asOfMs: NOW_MS },
    issue: null,
    running: running({ attempt: 2 }),
    retry: null,
    park: null,
    recentEvents: [{ atMs: NOW_MS - 4_000, event: 'dispatched', message: '' }],
    lastError: '',
    controls: ['cancel'],
    ...over,
  };
}

describe('one issue', () => {
  it('is shown live, with what the store remembers of it', async () => {
    const { server, daemon } = testServer();
    daemon.issues = [live()];
    daemon.stored = [
      {
        issueId: '10042',
        identifier: 'SHOP-42',
        workspacePath: '/elsewhere',
        sessionId: null,
        sessionAgentKind: null,
        sessionUsage: null,
        sessionsUsed: 3,
        spending: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
        emptyRuns: 0,
      },
    ];
    const answer = await server.inject('/api/v1/shop-42');
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(answer.json()).sort()).toEqual([...fields].sort());
    expect(answer.json()).toMatchObject({
      issue_id: '10042',
      issue_identifier: 'SHOP-42',
      status: 'running',
      verdict: { verdict: 'running', detail: '', as_of: new Date(NOW_MS).toISOString() },
      workspace: { path: '/srv/sortie/SHOP-42' },
      attempts: { current: 2, sessions_used: 3 },
      running: { turn_count: 3 },
      recent_events: [{ at: new Date(NOW_MS - 4_000).toISOString(), event: 'dispatched', message: '' }],
      last_error: null,
    });
  });

  it('shows what it waits for', async () => {
    const { server, daemon } = testServer();
    const { retrying, parked } = snapshot();
    const [retry, park] = [retrying[0] ?? null, parked[0] ?? null];
    daemon.issues = [
      live({ issueIdentifier: 'R-1', status: 'retrying', running: null, retry }),
      live({ issueIdentifier: 'P-1', status: 'parked', running: null, park, lastError: 'boom' }),
    ];
    expect((await server.inject('/api/v1/R-1')).json()).toMatchObject({
      status: 'retrying',
      attempts: { current: 2 },
      retry: { trigger: 'error' },
    });
    expect((await server.inject('/api/v1/P-1')).json()).toMatchObject({
      status: 'parked',
      park: { reason: 'blocked' },
      last_error: 'boom',
    });
  });

  it('is released when only the history knows it', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [
      historyRun({ runId: 'b', status: 'failed', error: 'exit 1', completedAtMs: NOW_MS }),
      historyRun({ runId: 'a', completedAtMs: NOW_MS - 60_000 }),
    ];
    const answer = await server.inject('/api/v1/SHOP-12');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      issue_id: '10012',
      issue_identifier: 'SHOP-12',
      status: 'released',
      verdict: null,
      running: null,
      last_error: 'exit 1',
      // Not `dispatch`: it may have been handed off, and would be refused.
      controls: ['hold'],
    });
    expect(answer.json().recent_events.map(({ event }: { event: string }) => event)).toEqual([
      'succeeded',
      'failed',
    ]);
  });

  it('is a 404 when nobody has heard of it', async () => {
    const { server } = testServer();
    const answer = await server.inject('/api/v1/NOPE-1');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({
      error: {
        code: 'issue_not_found',
        message: expect.stringMatching(/^no issue "NOPE-1" is known here: .*tracker\.active_states/),
      },
    });
  });

  it('is unavailable until recovery has finished: the history alone would call it released', async () => {
    const { server, daemon } = testServer();
    daemon.snapshot = null;
    daemon.runs = [historyRun()];
    const answer = await server.inject('/api/v1/SHOP-12');
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'snapshot_unavailable']);
  });

  it.each(['a/b', '../../etc', 'Ünïcødé 漢字', 'x y?z#w%', '"><script>', 'é'.repeat(300), 'a'.repeat(300)])(
    'is found whatever characters it has: %j',
    async (identifier) => {
      const { server, daemon } = testServer();
      daemon.issues = [live({ issueIdentifier: identifier })];
      for (const path of ['/api/v1/', '/api/v1/issues/']) {
        const answer = await server.inject(`${path}${encodeURIComponent(identifier)}`);
        expect([answer.statusCode, answer.json().issue_identifier]).toEqual([200, identifier]);
      }
    },
  );

  it.each(['state', 'history', 'refresh', 'events', 'issues', 'openapi.json'])(
    'is reached under issues/ even when it is called %s like a route',
    async (identifier) => {
      const { server, daemon } = testServer();
      daemon.issues = [live({ issueIdentifier: identifier })];
      const answer = await server.inject(`/api/v1/issues/${identifier}`);
      expect([answer.statusCode, answer.json().issue_identifier]).toEqual([200, identifier]);
    },
  );

  it('answers for an identifier that is too long in the error shape', async () => {
    const { server } = testServer();
    const answer = await server.inject(`/api/v1/${'x'.repeat(9_000)}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([414, 'uri_too_long']);
  });
});
