// A client of MCP's own SDK finds the tools and calls them, in each version of the protocol that today's agents speak.
import { expect, it } from 'vitest';
import { callOf, connect, post, raise, rpc } from './stage.ts';

it('lists the tools with their schemas and hints, and calls one', async () => {
  const stage = await raise({
    echo: (args) => ({ ok: true, body: { success: true, data: { got: args as never } } }),
    write: () => ({ ok: true, body: { success: true, data: null } }),
  });
  const client = await connect(stage);
  expect(client.getServerVersion()).toMatchObject({ name: 'sortie-tools', version: '1.2.3' });
  const { tools } = await client.listTools();
  expect(tools).toMatchObject([
    {
      name: 'echo',
      title: 'The echo',
      description: 'Does what echo does.',
      inputSchema: { type: 'object', required: ['text'], additionalProperties: false },
      annotations: { readOnlyHint: true },
    },
    { name: 'write', annotations: { readOnlyHint: false } },
  ]);
  const answer = await client.callTool({ name: 'echo', arguments: { text: 'ä\u2028😀' } });
  expect(answer.isError).toBeUndefined();
  expect(answer.structuredContent).toEqual({ success: true, data: { got: { text: 'ä\u2028😀' } } });
  expect(answer.content).toEqual([{ type: 'text', text: JSON.stringify(answer.structuredContent) }]);
});

it('says what a tool refuses as an answer that is an error, with the same words in both forms', async () => {
  const error = { kind: 'policy_denied', message: 'rule 1 denies it' };
  const stage = await raise({ write: () => ({ ok: false, body: { success: false, error } }) });
  const client = await connect(stage);
  const answer = await client.callTool({ name: 'write', arguments: { text: 'x' } });
  expect(answer).toMatchObject({ isError: true, structuredContent: { success: false, error } });
  expect(answer.content).toEqual([{ type: 'text', text: JSON.stringify({ success: false, error }) }]);
});

it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'serves a client that speaks %s, without a session and with one that it made up',
  async (version) => {
    const stage = await raise();
    const hello = rpc('initialize', {
      protocolVersion: version,
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    });
    const greeted = await post(stage, hello);
    expect(greeted.body.result).toMatchObject({ protocolVersion: version, capabilities: { tools: {} } });
    expect(greeted.headers.get('mcp-session-id')).toBeNull();
    for (const headers of [{}, { 'mcp-protocol-version': version }, { 'mcp-session-id': 'made-up' }]) {
      const ready = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
      expect(await post(stage, ready, headers)).toMatchObject({ status: 202, body: null });
      const called = await post(stage, callOf('echo'), headers);
      expect(called.body.result.structuredContent.data).toEqual({ got: { text: 'hi' } });
    }
  },
);

it('serves a client that says everything with each request, as from 2026-07-28 on', async () => {
  const stage = await raise({
    echo: (args) => ({ ok: true, body: { data: args as never } }),
    no: () => ({ ok: false, body: { success: false, error: { kind: 'not_found' } } }),
  });
  const client = await connect(stage, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['echo', 'no']);
  const answer = await client.callTool({ name: 'echo', arguments: { text: 'new' } });
  expect(answer.structuredContent).toEqual({ data: { text: 'new' } });
  expect(await client.callTool({ name: 'no', arguments: {} })).toMatchObject({ isError: true });
});

it('answers what it does not know, and goes on', async () => {
  const stage = await raise();
  const unknown = await post(stage, rpc('resources/list'));
  expect(unknown).toMatchObject({ status: 200, body: { id: 1, error: { code: -32601 } } });
  const future = await post(stage, rpc('tools/list'), { 'mcp-protocol-version': '2031-01-01' });
  expect(future.status).toBe(400);
  expect(future.body.error.message).toContain('2031-01-01');
  expect(await post(stage, rpc('ping'))).toMatchObject({ status: 200, body: { id: 1, result: {} } });
});

it('hands arguments to the session as they came, whatever they are', async () => {
  const stage = await raise();
  const odd = [{ text: 5, more: { deep: [null] } }, [], 'text', 7, null, { __proto__x: 1 }];
  for (const args of odd) await post(stage, callOf('echo', args));
  await post(stage, rpc('tools/call', { name: 'echo' }));
  expect(stage.calls.map(({ args }) => args)).toEqual([...odd.slice(0, 4), {}, odd[5], {}]);
});

it('lets the session answer for a tool that it does not have', async () => {
  const stage = await raise();
  const client = await connect(stage);
  const answer = await client.callTool({ name: 'nothing', arguments: {} });
  expect(answer).toMatchObject({
    isError: true,
    structuredContent: { error: { kind: 'unsupported_operation' } },
  });
});

it('answers for a session that breaks its word, and says so in the log', async () => {
  const stage = await raise({ bad: () => Promise.reject(new Error('boom')) });
  const client = await connect(stage);
  const answer = await client.callTool({ name: 'bad', arguments: {} });
  expect(answer).toMatchObject({ isError: true, structuredContent: { error: { kind: 'internal_error' } } });
  expect(JSON.stringify(answer)).not.toContain('boom');
  expect(stage.logged.filter(({ level }) => level === 'error')).toMatchObject([
    { fields: { run_id: 'run-1', tool: 'bad', error: 'boom' } },
  ]);
});
