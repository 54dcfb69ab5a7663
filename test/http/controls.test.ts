// What operators say over HTTP: passed on as it is, cleaned, and answered with what became of it.
import { describe, expect, it } from 'vitest';
import { DAEMON_CONTROLS, ISSUE_CONTROLS, type ControlRefusal } from '../../src/contract/controls.ts';
import { testServer, type TestServer } from './start-server.ts';

const json = { 'content-type': 'application/json' };

function say({ server }: TestServer, path: string, body?: unknown) {
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  return server.inject({ method: 'POST', url: `/api/v1/${path}`, headers: json, ...payload });
}

describe('an operator’s word', () => {
  it.each(DAEMON_CONTROLS)('%s goes to the daemon as a whole', async (control) => {
    const made = testServer();
    made.daemon.controlAnswer = { kind: 'accepted', message: 'so be it' };
    const answer = await say(made, control, { reason: 'the deployment', by: 'anna' });
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { accepted: true, control, issue_identifier: null, message: 'so be it' },
    ]);
    expect(made.daemon.controls).toEqual([
      { control, identifier: null, word: { by: 'anna', reason: 'the deployment' } },
    ]);
  });

  it.each(ISSUE_CONTROLS)('%s goes to one issue, under the name that it is known by', async (control) => {
    const made = testServer();
    made.daemon.controlAnswer = { kind: 'accepted', message: 'so be it' };
    const answer = await say(made, `issues/shop-42/${control}`);
    expect(answer.json()).toEqual({
      accepted: true,
      control,
      issue_identifier: 'SHOP-42',
      message: 'so be it',
    });
    expect(made.daemon.controls).toEqual([
      { control, identifier: 'shop-42', word: { by: 'operator', reason: '' } },
    ]);
  });

  it('needs no body, and takes an empty or a null one', async () => {
    for (const payload of [undefined, '', '{}', 'null', '{"reason":""}']) {
      const made = testServer();
      const answer = await made.server.inject({
        method: 'POST',
        url: '/api/v1/pause',
        headers: json,
        ...(payload === undefined ? {} : { payload }),
      });
      expect([payload, answer.statusCode]).toEqual([payload, 202]);
      expect(made.daemon.controls[0]?.word).toEqual({ by: 'operator', reason: '' });
    }
  });

  it('finds an issue by an identifier of any characters', async () => {
    const made = testServer();
    made.daemon.controlAnswer = { kind: 'accepted', message: 'x' };
    await say(made, 'issues/a%2Fb%20%C3%BC/hold');
    expect(made.daemon.controls[0]?.identifier).toBe('a/b ü');
  });

  it('is cleaned to one line and cut', async () => {
    const made = testServer();
    const reason = `first\nsecond \u001b[31m\u202e${'x'.repeat(5_000)}`;
    await say(made, 'pause', { reason, by: `\t${'ä'.repeat(300)}\n` });
    const { by, reason: kept } = made.daemon.controls[0]?.word ?? { by: '', reason: '' };
    expect(by).toBe('ä'.repeat(100));
    expect(kept).toHaveLength(500);
    expect(kept.startsWith('first second [31m xxx')).toBe(true);
  });

  it.each([
    ['an unknown key', '{"reson":"x"}', 400],
    ['another type', '{"reason":5}', 400],
    ['a list', '[]', 400],
    ['no JSON', '{', 400],
    ['a key that would change every object', '{"__proto__":{"by":"x"}}', 400],
    ['an absurd size', JSON.stringify({ reason: 'x'.repeat(70_000) }), 413],
  ])('is refused for %s', async (_, payload, status) => {
    const { server, daemon } = testServer();
    const answer = await server.inject({ method: 'POST', url: '/api/v1/drain', headers: json, payload });
    expect([answer.statusCode, daemon.controls]).toEqual([status, []]);
  });

  it.each<[ControlRefusal, number]>([
    ['invalid_state', 409],
    ['issue_not_found', 404],
    ['tracker_failed', 502],
    ['store_failed', 503],
    ['draining', 409],
    ['snapshot_unavailable', 503],
  ])('that is refused as %s is answered with %i and the reason', async (code, status) => {
    const made = testServer();
    made.daemon.controlAnswer = { kind: 'refused', code, message: 'it runs; cancel would work' };
    const answer = await say(made, 'issues/SHOP-42/hold');
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { error: { code, message: 'it runs; cancel would work' } },
    ]);
  });

  it('shows no secret of a tracker’s message', async () => {
    const made = testServer({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
    made.daemon.controlAnswer = { kind: 'refused', code: 'tracker_failed', message: 'GET /?key=hunter2' };
    expect((await say(made, 'issues/SHOP-42/hold')).body).not.toContain('hunter2');
    made.daemon.controlAnswer = { kind: 'accepted', message: 'hunter2' };
    expect((await say(made, 'issues/SHOP-42/hold')).body).not.toContain('hunter2');
  });

  it('is shown wherever the state is shown', async () => {
    const made = testServer();
    await say(made, 'pause', { reason: 'lunch', by: 'ben' });
    const state = (await made.server.inject('/api/v1/state')).json();
    expect(state.dispatch).toMatchObject({ mode: 'paused', by: 'ben', reason: 'lunch', drained: false });
    const { actions } = (await made.server.inject('/api/v1/operator-actions?limit=1')).json();
    expect(actions).toMatchObject([{ control: 'pause', by: 'ben', reason: 'lunch', issue_identifier: null }]);
    expect((await say(made, 'pause')).statusCode).toBe(409);
  });

  it('that the daemon breaks over is our failure, and logged', async () => {
    const made = testServer();
    made.daemon.view.control = () => Promise.reject(new Error('broken at /srv/secret/path'));
    const answer = await say(made, 'pause');
    expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'internal_error']);
    expect(answer.body).not.toContain('/srv/secret');
    expect(made.warnings).toHaveLength(1);
  });

  it('ends with `draining` when the server closes before it is judged', async () => {
    const made = testServer();
    let given: AbortSignal | undefined;
    made.daemon.view.control = (_request, signal) => {
      given = signal;
      return new Promise(() => undefined);
    };
    const waiting = say(made, 'pause');
    await expect.poll(() => given).toBeDefined();
    const closing = made.server.close();
    expect((await waiting).json().error.code).toBe('draining');
    expect(given?.aborted).toBe(true);
    await closing;
  });

  it.each([
    ['GET', 'pause', 'POST'],
    ['GET', 'issues/X-1/dispatch', 'POST'],
    ['DELETE', 'issues/X-1/hold', 'POST'],
    ['POST', 'issues/X-1/explain', 'GET, HEAD'],
    ['OPTIONS', 'drain', 'POST'],
  ] as const)('%s %s is not one', async (method, path, allow) => {
    const { server, daemon } = testServer();
    const answer = await server.inject({ method, url: `/api/v1/${path}`, headers: json });
    expect([answer.statusCode, answer.headers.allow, daemon.controls]).toEqual([405, allow, []]);
  });
});
