// A refresh says who wants it and why, as every other word does; a body is not needed.

import { expect, it } from 'vitest';
import { testServer } from './start-server.ts';

it('hands on who asked and why, cleaned to one line', async () => {
  const { server, daemon } = testServer();
  const said = (payload?: object) =>
    server.inject({
      method: 'POST',
      url: '/api/v1/refresh',
      headers: { 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { payload }),
    });
  expect((await said({ by: 'ada', reason: 'a new\nissue' })).statusCode).toBe(202);
  expect((await said()).statusCode).toBe(202);
  expect(daemon.refreshWords).toEqual([
    { by: 'ada', reason: 'a new issue' },
    { by: 'operator', reason: '' },
  ]);
  expect((await said({ action: 'opened', issue: { id: 1 } })).statusCode).toBe(202);
});

it('stands in the operators’ log', async () => {
  const { server, daemon } = testServer();
  daemon.actions = [
    { atMs: 0, control: 'refresh', issueId: null, issueIdentifier: null, by: 'ada', reason: 'x' },
  ];
  expect((await server.inject('/api/v1/operator-actions')).json()).toMatchObject({
    actions: [{ control: 'refresh', issue_identifier: null, by: 'ada', reason: 'x' }],
  });
});
