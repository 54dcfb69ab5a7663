// POST /api/v1/refresh: accepted, coalesced, refused while draining; a body is optional, its type is not.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from './fake-daemon.ts';
import { testServer } from './start-server.ts';

const json = { 'content-type': 'application/json' };

describe('a refresh', () => {
  it('is accepted, and the second one joins the first', async () => {
    const { server } = testServer();
    const first = await server.inject({ method: 'POST', url: '/api/v1/refresh', headers: json });
    expect(first.statusCode).toBe(202);
    expect(first.json()).toEqual({
      accepted: true,
      control: 'refresh',
      issue_identifier: null,
      message: 'the tracker is looked at now',
      queued: true,
      coalesced: false,
      requested_at: new Date(NOW_MS).toISOString(),
      operations: ['poll', 'reconcile'],
    });
    const second = await server.inject({
      method: 'POST',
      url: '/api/v1/refresh',
      headers: json,
      payload: '{}',
    });
    expect(second.json()).toMatchObject({ queued: true, coalesced: true });
  });

  it('is a conflict while the daemon drains', async () => {
    const { server, daemon } = testServer();
    daemon.draining = true;
    const answer = await server.inject({ method: 'POST', url: '/api/v1/refresh', headers: json });
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'draining']);
  });

  it('has to wait for the recovery', async () => {
    const { server, daemon } = testServer();
    daemon.draining = true;
    daemon.snapshot = null;
    const answer = await server.inject({ method: 'POST', url: '/api/v1/refresh', headers: json });
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'snapshot_unavailable']);
  });

  it.each([
    ['no content type', {}, undefined, 415, 'unsupported_media_type'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1', 415, 'unsupported_media_type'],
    ['text', { 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
    ['broken JSON', json, '{"a":', 400, 'invalid_request'],
    ['too much', json, `"${'x'.repeat(70_000)}"`, 413, 'payload_too_large'],
  ])(
    'is refused with %s, and nothing is asked of the daemon',
    async (_what, headers, payload, status, code) => {
      const { server, daemon } = testServer();
      const answer = await server.inject({
        method: 'POST',
        url: '/api/v1/refresh',
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
      expect(daemon.refreshes).toBe(0);
    },
  );

  it('takes a content type with a charset', async () => {
    const { server } = testServer();
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    const answer = await server.inject({ method: 'POST', url: '/api/v1/refresh', headers, payload: '{}' });
    expect(answer.statusCode).toBe(202);
  });
});
