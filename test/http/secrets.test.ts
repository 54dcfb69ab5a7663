// No secret in any answer: free text is redacted on its way out; codes, ids and times are left alone.
import { describe, expect, it } from 'vitest';
import { historyRun, NOW_MS, running, snapshot } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

const secret = 'ATATT-very-secret';
const redact = (text: string): string =>
  text.replaceAll(secret, '[redacted]').replaceAll('error', '[redacted]');

describe('secrets', () => {
  it('leave no answer', async () => {
    const { server, daemon } = testServer({ redact });
    const said = `the key is ${secret}`;
    const base = snapshot();
    daemon.snapshot = snapshot({
      running: [
        running({
          title: said,
          lastMessage: said,
          state: said,
          modelName: said,
          workspacePath: `/${secret}`,
          tools: [said],
        }),
      ],
      retrying: base.retrying.map((entry) => ({ ...entry, title: said, error: said })),
      parked: base.parked.map((entry) => ({ ...entry, title: said, detail: said })),
      rateLimits: [
        { agentKind: 'codex', atMs: 0, windows: [{ name: said, usedPercent: 1, resetsAtMs: null }] },
      ],
      pauses: [{ reason: 'agent_error', agentKind: null, detail: said, untilMs: null }],
      lastTick: { atMs: NOW_MS, result: 'error', error: said },
      preflightProblems: [said],
    });
    daemon.readiness = { ...daemon.readiness, reloadError: said };
    daemon.runs = [historyRun({ title: said, error: said, evidence: said, workspacePath: `/${secret}` })];
    daemon.issues = [
      {
        issueId: '1',
        issueIdentifier: 'L-1',
        title: said,
        issueState: '',
        issueUrl: '',
        status: 'running',
        verdict: { verdict: 'running', detail: said, sinceMs: 0, asOfMs: 0 },
        issue: null,
        running: running({ lastMessage: said }),
        retry: null,
        park: null,
        recentEvents: [{ atMs: 0, event: 'notification', message: said }],
        lastError: said,
        controls: [],
      },
    ];
    for (const url of ['/api/v1/state', '/api/v1/history', '/api/v1/L-1', '/api/v1/SHOP-12', '/readyz']) {
      const answer = await server.inject(url);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.body, url).not.toContain(secret);
      expect(answer.body, url).toContain('[redacted]');
    }
  });

  it('that look like one of our codes leave the code alone', async () => {
    const { server, daemon } = testServer({ redact });
    daemon.snapshot = snapshot({ lastTick: { atMs: NOW_MS, result: 'error', error: 'an error' } });
    const state = (await server.inject('/api/v1/state')).json();
    expect(state.last_tick).toMatchObject({ result: 'error', error: 'an [redacted]' });
    expect(state.retrying[0].trigger).toBe('error');
  });
});
