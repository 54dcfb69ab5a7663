// What a run is given when its tools are opened, and the tools that tell it about itself and reach people.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toolRule } from '../workflow/tool-settings.ts';
import { dataOf, kindOf, openDesk, until } from './desk.ts';

const tokens = { inputTokens: 10, outputTokens: 5, totalTokens: 15, cacheReadTokens: 3 };

it('hands over the address and token in a file of the owner, and names the tools', async () => {
  const desk = await openDesk({ rules: [toolRule({ decision: 'deny', operations: ['transition_issue'] })] });
  const { tools, privateDirectory } = await desk.run();
  const path = join(privateDirectory, 'tools.json');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    url: tools.server.url,
    token: tools.server.token,
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(tools.server.stdio).toEqual({
    command: 'sortie',
    args: ['mcp-server'],
    env: { SORTIE_TOOLS_FILE: path },
  });
  expect(tools.server.callTimeoutMs).toBeGreaterThan(60_000);
  expect(tools.briefing).toContain('- tracker_api: ');
  expect(tools.briefing).toContain('Not allowed: transition_issue.');
  expect(tools.briefing).toMatch(/A person must allow: .*create_issue/);
});

it('opens nothing when tools are switched off', async () => {
  const desk = await openDesk({ enabled: false });
  await expect(desk.run()).rejects.toThrow('no tools were opened');
});

it('refuses the calls of what runs when tools are switched off meanwhile, and takes them again after', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const run = await desk.run();
  const { tools } = desk.settings;
  desk.settings = { ...desk.settings, tools: { ...tools, enabled: false } };
  const answer = await run.write('add_comment', { issueKey: 'ENG-1', body: 'x' });
  expect([answer.ok, kindOf(answer)]).toEqual([false, 'policy_denied']);
  desk.settings = { ...desk.settings, tools };
  expect((await run.write('add_comment', { issueKey: 'ENG-1', body: 'x' })).ok).toBe(true);
});

it('offers each tool with a JSON Schema of an object, and the names of the site once they are known', async () => {
  const desk = await openDesk();
  const { session } = await desk.run();
  await until(() => session.tools().some(({ description }) => description.includes('Bug, Task')));
  for (const { name, input } of session.tools()) {
    expect([name, input['type'], input['additionalProperties']]).toEqual([name, 'object', false]);
  }
  const readOnly = session.tools().filter((tool) => tool.readOnly);
  expect(readOnly.map(({ name }) => name)).toEqual(['sortie_status', 'workspace_history', 'request_status']);
  const listing = desk.tools().view.listing();
  expect(listing.tools.map(({ name }) => name)).toEqual(session.tools().map(({ name }) => name));
  expect(listing.schemaAtMs).toBe(desk.clock.nowMs());
});

it('never holds up a call for longer than a few seconds because of the schema', async () => {
  const desk = await openDesk({ writeDefault: 'allow' });
  const { tracker } = desk.site as unknown as { tracker: { discoverSchema: () => Promise<never> } };
  tracker.discoverSchema = () => new Promise(() => undefined);
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'x' });
  await until(() => desk.clock.delays.includes(5_000));
  desk.clock.pass(5_000);
  expect((await asked).ok).toBe(true);
});

it('answers the bare figures of the run and its history', async () => {
  const desk = await openDesk(
    {},
    {
      parts: {
        figures: () => ({ turnNumber: 3, tokens, budgetLeft: { maxTokensPerRun: 85 } }),
        history: async (_issue, limit) =>
          Array.from({ length: limit + 5 }, (_, attempt) => ({
            attempt,
            status: 'failed',
            error: 'crash',
            startedAtMs: 0,
            completedAtMs: 1_000,
            turnsCompleted: 2,
            tokens,
          })),
      },
    },
  );
  const run = await desk.run();
  desk.clock.pass(12_000);
  expect((await run.call('sortie_status', {})).body).toEqual({
    turn_number: 3,
    max_turns: 20,
    turns_remaining: 17,
    attempt: 0,
    session_duration_seconds: 12,
    tokens: { input_tokens: 10, output_tokens: 5, total_tokens: 15, cache_read_tokens: 3 },
    budget_remaining: { max_tokens_per_run: 85 },
  });
  const { runs } = (await run.call('workspace_history', {})).body as { runs: readonly object[] };
  expect(runs).toHaveLength(10);
  expect(runs[0]).toMatchObject({
    status: 'failed',
    started_at: '1970-01-01T00:00:00.000Z',
    turns_completed: 2,
  });
});

it('lets a run say so much to people, and no more', async () => {
  const desk = await openDesk({ maxMessagesPerRun: 2 });
  desk.settings.notifications = [
    { name: 'phone', kind: 'webhook', url: 'https://x', secret: '', events: ['agent_message'] },
  ] as never;
  const run = await desk.run();
  const say = (): ReturnType<typeof run.call> =>
    run.call('notify_operator', { message: 'the disk\nis full' });
  expect(dataOf(await say())).toEqual({ delivered_to: 1, messages_left: 1 });
  await say();
  expect(kindOf(await say())).toBe('limit_exceeded');
  const due = await desk.store().notifications.due(desk.clock.nowMs(), 10);
  expect(due.map(({ summary }) => summary)).toEqual(['ENG-1: the disk is full', 'ENG-1: the disk is full']);
});

it('lets a rule keep agents from telling people', async () => {
  const desk = await openDesk({ rules: [toolRule({ operations: ['notify_operator'], decision: 'deny' })] });
  const run = await desk.run();
  expect(kindOf(await run.call('notify_operator', { message: 'x' }))).toBe('policy_denied');
});

it('explains the policy by words alone, whatever they are', async () => {
  const desk = await openDesk({
    rules: [
      toolRule({ operations: ['create_issue'], decision: 'deny', when: { priority: ['highest'] } }),
      toolRule({ number: 2, decision: 'allow', when: { issue: ['own'] } }),
    ],
  });
  const { explainPolicy } = desk.tools().view;
  const asked = desk.site.requests.length;
  const ask = async (operation: never, details: never, issueIdentifier = ''): Promise<string> =>
    (await explainPolicy({ operation, details, issueIdentifier })).rule;
  expect(await ask('create_issue' as never, { priority: 'Highest' } as never)).toBe('rule 1');
  expect(await ask('create_issues' as never, { issues: [{ priority: 'Highest' }, {}] } as never)).toBe(
    'rule 1',
  );
  expect(await ask('add_comment' as never, {} as never, 'ENG-1')).toBe('rule 2');
  expect(await ask('add_comment' as never, {} as never)).toBe('default for writes');
  expect(
    await ask('update_issue' as never, { labels: 'x', components: 3, customFields: null } as never),
  ).toBe('default for writes');
  expect(desk.site.requests).toHaveLength(asked);
});
