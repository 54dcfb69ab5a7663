// Addresses and secrets are used and never said; nothing is sent to where it should not go.

import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { receiver, slack, stage, status, until, webhook } from './stage.ts';

it('says nothing of the address and the secret, also when the receiver repeats them', async () => {
  const path = '/services/T00000000/B11111111/q%2Fw3rty?key=abcdefgh';
  const pieces = /T00000000|B11111111|q%2Fw3rty|q\/w3rty|abcdefgh|s3cret/;
  const there = await receiver((response, request) =>
    status(
      404,
      {},
      `Cannot POST ${request.url} (${decodeURIComponent(request.url)}) s3cret-1`,
    )(response, request),
  );
  const settings = [
    { ...slack('chat', `${there.origin}${path}`), secret: 's3cret-1' },
    webhook('ops', `${there.origin}${path}`, 's3cret-1'),
    webhook('dead', `http://127.0.0.1:1${path}`, 's3cret-1'),
  ];
  const { queue, tell, log } = stage(settings);
  for (const { name } of settings) tell(name);
  await until(() => queue.givenUp.length === 2 && queue.waiting[0]?.failures === 1);
  const said = JSON.stringify([queue.givenUp, queue.waiting, log.lines]);
  expect(said).toContain('Cannot POST [redacted] ([redacted]) [redacted]');
  expect(said).not.toMatch(pieces);
});

it.each([
  ['http://203.0.113.7/hook', 'https'],
  ['http://localhost.example/hook', 'https'],
  ['ftp://127.0.0.1/hook', 'https'],
  ['javascript:alert(1)', 'https'],
  ['hooks.example/T0/secretpath', 'URL'],
  ['', 'URL'],
])('sends nothing to %s', async (url, word) => {
  const { queue, tell, log } = stage([webhook('ops', url)]);
  tell('ops');
  await until(() => queue.givenUp.length === 1);
  expect(queue.givenUp[0]?.error).toContain(word);
  if (url !== '') expect(JSON.stringify([queue.givenUp, log.lines])).not.toContain(url);
});

it('reads no more than the beginning of an answer that never ends', async () => {
  let isCut = false;
  const there = await receiver((response) => {
    response.on('close', () => (isCut = true));
    response.writeHead(400);
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
    };
    more();
  });
  const { queue, tell } = stage([webhook('ops', there.origin)]);
  tell('ops');
  await until(() => queue.givenUp.length === 1 && isCut);
  expect(queue.givenUp[0]?.error).toBe(`answered 400: ${'x'.repeat(199)}…`);
});

it('counts a message as delivered when only the rest of the answer is missing', async () => {
  const there = await receiver((response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('ok');
  });
  const agent = new Agent({ pipelining: 0 });
  onTestFinished(() => agent.destroy());
  let isAnswered = false;
  const request: Dispatcher['request'] = async (options) => {
    const answer = await agent.request(options);
    isAnswered = true;
    return answer;
  };
  const dispatcher = { request } as Dispatcher;
  const { clock, queue, tell } = stage([webhook('ops', there.origin)], { dispatcher });
  tell('ops');
  await until(() => isAnswered);
  expect(queue.deliveredIds).toEqual([]);
  clock.pass(10_000);
  await until(() => queue.deliveredIds.length === 1);
});
