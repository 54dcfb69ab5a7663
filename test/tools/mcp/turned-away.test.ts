// What never becomes a call is told to the session of whoever sent it, so that it can be noted: also after the end of the
// run, and never for a token that was nobody's.

import { expect, it } from 'vitest';
import { callOf, post, raise, until, type Call } from './stage.ts';

it('tells of what was too large, no JSON, or no message', async () => {
  const stage = await raise();
  await post(stage, callOf('echo', { text: 'x'.repeat(1_100_000) }));
  await post(stage, '{');
  await post(stage, '[]');
  await post(stage, callOf('echo'), { 'content-type': 'text/plain' });
  expect(stage.turnedAway).toEqual(['too_large', ...Array<string>(3).fill('invalid_arguments')]);
  expect(stage.calls).toEqual([]);
});

it('tells of a call that found no place in the line', async () => {
  let release: () => void = () => undefined;
  const hold: Call = () => new Promise((resolve) => (release = () => resolve({ ok: true, body: {} })));
  const stage = await raise({ hold });
  const clients = Array.from({ length: 20 }, () => new AbortController());
  const large = callOf('hold', { text: 'x'.repeat(900_000) });
  const asked = clients.map(({ signal }) =>
    fetch(stage.url, {
      method: 'POST',
      body: large,
      signal,
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    }).then(
      ({ status }) => status,
      () => 0,
    ),
  );
  await until(() => stage.turnedAway.length > 0);
  for (const client of clients) client.abort();
  release();
  await Promise.all(asked);
  expect(new Set(stage.turnedAway)).toEqual(new Set(['rate_limited']));
});

it('tells of the token of a run that has ended, and of no other', async () => {
  const stage = await raise();
  await stage.revoke();
  expect((await post(stage, callOf('echo'))).status).toBe(401);
  expect((await post({ ...stage, token: 'x'.repeat(43) }, callOf('echo'))).status).toBe(401);
  expect(stage.turnedAway).toEqual(['run_ended']);
});
