// Liveness, readiness and metrics.
import { describe, expect, it } from 'vitest';
import { testServer } from './start-server.ts';

describe('probes', () => {
  it('is alive until it drains', async () => {
    const { server, daemon } = testServer();
    const alive = await server.inject('/livez');
    expect([alive.statusCode, alive.json()]).toEqual([200, { status: 'pass' }]);
    daemon.draining = true;
    const draining = await server.inject('/livez');
    expect([draining.statusCode, draining.json()]).toEqual([503, { status: 'fail' }]);
  });

  it('is alive and answers before recovery has finished', async () => {
    const { server, daemon } = testServer();
    daemon.snapshot = null;
    expect((await server.inject('/livez')).statusCode).toBe(200);
  });

  it('is ready when every check passes', async () => {
    const { server } = testServer();
    const answer = await server.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        status: 'pass',
        version: '0.1.0',
        uptime_seconds: 12.5,
        checks: { database: 'pass', preflight: 'pass', workflow: 'pass' },
      },
    ]);
  });

  it.each(['database', 'preflight', 'workflow'] as const)('is not ready when %s fails', async (check) => {
    const { server, daemon } = testServer();
    daemon.readiness = { ...daemon.readiness, checks: { ...daemon.readiness.checks, [check]: 'fail' } };
    const answer = await server.inject('/readyz');
    expect([answer.statusCode, answer.json().status]).toEqual([503, 'fail']);
  });

  it('stays ready after a bad reload, and says what was wrong', async () => {
    const { server, daemon } = testServer();
    daemon.readiness = {
      ...daemon.readiness,
      checks: { ...daemon.readiness.checks, workflow: 'warn' },
      reloadError: 'WORKFLOW.md:4:3: duplicate key',
    };
    const answer = await server.inject('/readyz');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      status: 'warn',
      checks: { workflow: 'warn' },
      reload_error: 'WORKFLOW.md:4:3: duplicate key',
    });
  });

  it('is not ready while it drains', async () => {
    const { server, daemon } = testServer();
    daemon.draining = true;
    expect((await server.inject('/readyz')).statusCode).toBe(503);
  });

  it('serves metrics as they are, under their own content type', async () => {
    const { server } = testServer();
    const answer = await server.inject('/metrics');
    expect([answer.statusCode, answer.body]).toEqual([200, 'sortie_up 1\n']);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('answers a failed scrape with an error, not with half of it', async () => {
    const { server, warnings } = testServer({
      metrics: { contentType: 'text/plain', text: () => Promise.reject(new Error('collector broke')) },
    });
    const answer = await server.inject('/metrics');
    expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'internal_error']);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(warnings).toHaveLength(1);
  });
});
