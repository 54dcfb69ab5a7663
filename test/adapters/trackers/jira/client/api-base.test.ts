// Where requests go: the site, a base of the settings, or the gateway with a cloud id that the site tells.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { inTurn, json, type Answerer } from '../fault-server.ts';
import { connect, failure, never, serve } from '../jira-context.ts';

const call = { method: 'GET', path: '/rest/api/3/myself', schema: z.object({}), signal: never } as const;
const tenant = json(200, { cloudId: '11111111-2222-3333', extra: 1 });

it('asks the site for its cloud id once, and without credentials', async () => {
  const server = await serve(tenant);
  const gateway = await serve(json(200, {}));
  const { client } = connect(server, { gateway: gateway.origin }, { cloud_id: 'auto' });
  await Promise.all([client.request(call), client.request(call), client.request(call)]);
  expect(server.seen.map(({ url }) => url)).toEqual(['/_edge/tenant_info']);
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
  expect(new Set(gateway.seen.map(({ url }) => url))).toEqual(
    new Set(['/ex/jira/11111111-2222-3333/rest/api/3/myself']),
  );
  expect(gateway.seen[0]?.headers.authorization).toMatch(/^Basic /);
  expect(await client.apiBase(never)).toBe(`${gateway.origin}/ex/jira/11111111-2222-3333`);
});

it('asks again after a failure', async () => {
  const server = await serve(inTurn(json(404, {}), tenant));
  const gateway = await serve(json(200, {}));
  const { client } = connect(server, { gateway: gateway.origin }, { cloud_id: 'auto' });
  const error = await failure(client.request(call));
  expect(error.message).toContain('tracker: tracker_not_found: GET /_edge/tenant_info: 404');
  expect(gateway.seen).toHaveLength(0);
  await client.request(call);
  expect(gateway.seen).toHaveLength(1);
});

it.each([{}, { cloudId: '' }, { cloudId: '../../evil' }, { cloudId: 7 }])(
  'refuses %j for a cloud id',
  async (value) => {
    const server = await serve(json(200, value));
    const { client } = connect(server, {}, { cloud_id: 'auto' });
    const error = await failure(client.request(call));
    expect(error.kind).toBe('tracker_payload_error');
    expect(error.message).toContain('cloudId is wrong');
  },
);

it('lets one caller give up without taking the look-up from another', async () => {
  let release: (() => void) | undefined;
  const held: Answerer = (seen, response, count) => {
    release = () => {
      tenant(seen, response, count);
    };
  };
  const server = await serve(held);
  const gateway = await serve(json(200, {}));
  const { client } = connect(server, { gateway: gateway.origin }, { cloud_id: 'auto' });
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const given = expect(client.request({ ...call, signal: controller.signal })).rejects.toBe(reason);
  const kept = client.request(call);
  await expect.poll(() => release !== undefined).toBe(true);
  controller.abort(reason);
  await given;
  release?.();
  expect(await kept).toEqual({});
  expect(server.seen).toHaveLength(1);
});

it('shows the path without the prefix of the gateway', async () => {
  const server = await serve(json(404, {}));
  const { client } = connect(server, { gateway: server.origin }, { cloud_id: 'abc' });
  expect((await failure(client.request(call))).message).toContain('GET /rest/api/3/myself: 404');
  expect(server.seen[0]?.url).toBe('/ex/jira/abc/rest/api/3/myself');
});
