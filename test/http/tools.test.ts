// Outbox, audit, tools and policy over HTTP, and their counts in the live state.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ToolFault } from '../../src/contract/agent-tools.ts';
import { TrackerError } from '../../src/contract/tracker.ts';
import type { TrackerWrite } from '../../src/contract/tracker-write.ts';
import { writeSummary } from '../../src/http/write-summary.ts';
import { outboxWrite, proposal } from './fake-proposals.ts';
import { auditEntries } from './fake-tools.ts';
import { listeningServer, testServer, type TestServer } from './start-server.ts';
import { json } from './users.ts';

const get = async ({ server }: TestServer, path: string) => server.inject(`/api/v1/${path}`);

describe('the outbox', () => {
  it('shows what waits and why, and links only to pages', async () => {
    const made = testServer();
    const { writes, next_cursor } = (await get(made, 'outbox')).json();
    expect(next_cursor).toBeNull();
    expect(writes).toHaveLength(2);
    expect(writes[0]).toEqual({
      id: 'a1b2c3d4-0000-4000-8000-000000000001',
      seq: 41,
      operation: 'add_comment',
      origin: 'agent',
      run_id: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
      issue_identifier: 'SHOP-42',
      run_issue_identifier: 'SHOP-42',
      approval_id: null,
      status: 'waiting',
      tries: 1,
      requested_at: '2026-11-22T09:27:00.000Z',
      sent_at: '2026-11-22T09:28:00.000Z',
      due_at: '2026-11-22T09:31:00.000Z',
      ended_at: null,
      detail: 'tracker: tracker_api_error: POST /comment: 503; sent again when it is due',
      summary: 'The voucher is kept now; the test is in voucher.test.ts.',
      result: null,
    });
    made.daemon.tools.writes = [
      outboxWrite({ result: { issue: null, entryId: '7', url: 'javascript:alert(1)', wasThere: false } }),
    ];
    expect((await get(made, 'outbox')).json().writes[0].result).toEqual({
      issue_identifier: null,
      url: null,
    });
  });

  it.each([
    ['status=all', 3],
    ['status=done', 1],
    ['identifier=shop-57', 1],
    ['status=all&limit=1', 1],
  ])('is filtered by %s', async (query, count) => {
    expect((await get(testServer(), `outbox?${query}`)).json().writes).toHaveLength(count);
  });

  it.each(['status=pending', 'limit=0', 'cursor=x', 'issue=A-1'])('refuses %s', async (query) => {
    expect((await get(testServer(), `outbox?${query}`)).statusCode).toBe(400);
  });

  const issue = { id: '1', identifier: 'A-1' };
  it.each<[TrackerWrite, string]>([
    [
      { operation: 'create_issue', issue: { project: 'A', issueType: 'Bug', title: 'x'.repeat(500) } },
      `Bug in A: ${'x'.repeat(60)}…`,
    ],
    [{ operation: 'update_issue', issue, changes: { priority: 'High', title: 't' } }, 'sets priority, title'],
    [{ operation: 'transition_issue', issue, toState: 'Do\nne', from: [], transition: '' }, 'to Do ne'],
    [{ operation: 'add_comment', issue, body: 'two\n\nlines \u202e' }, 'two lines'],
    [{ operation: 'add_worklog', issue, timeSpent: '2h', comment: 'secret plans', startedAtMs: 0 }, '2h'],
    [
      { operation: 'link_issues', issue, target: { id: '2', identifier: 'A-2' }, linkType: 'blocks' },
      'blocks A-2',
    ],
    [{ operation: 'remove_labels', issue, labels: ['a', 'b'] }, 'a, b'],
    [{ operation: 'assign_issue', issue, accountId: null }, 'to nobody'],
    [{ operation: 'assign_issue', issue, accountId: '5b1' }, 'to 5b1'],
    [{ operation: 'add_watcher', issue, accountId: '5b1' }, '5b1'],
  ])('says of %j: %s', (write, summary) => {
    expect(writeSummary(write)).toBe(summary);
  });
});

describe('the audit log', () => {
  it('is read page by page to its end, each line with a hash that fits it', async () => {
    const made = testServer();
    const lines: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const answer: string = (await get(made, `audit?limit=2&after=${after}`)).body;
      const page = JSON.parse(answer) as { lines: string[]; next_after: number | null };
      lines.push(...page.lines);
      after = page.next_after;
    }
    expect(lines).toHaveLength(5);
    for (const line of lines) {
      const { hash } = JSON.parse(line) as { hash: string };
      const text = line.replace(/,"hash":"[0-9a-f]{64}"\}$/, '}');
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
    }
    expect((await get(made, 'audit/head')).json()).toEqual({
      seq: 5,
      hash: (JSON.parse(lines.at(-1) ?? '') as { hash: string }).hash,
    });
  });

  it('is empty before its first entry', async () => {
    const made = testServer();
    made.daemon.tools.entries = [];
    expect((await get(made, 'audit')).json()).toEqual({ lines: [], next_after: null });
    expect((await get(made, 'audit/head')).json()).toEqual({ seq: 0, hash: '0'.repeat(64) });
  });

  it('is verified once for all who ask at the same time', async () => {
    const made = testServer();
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(made, 'audit/verify')));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.json()).toEqual({
      intact: true,
      entries: 5,
      first_seq: 1,
      head: { seq: 5, hash: auditEntries(5)[4]?.hash },
      broken_at: null,
      problem: null,
    });
    expect(made.daemon.tools.verifications).toBe(1);
    made.daemon.tools.verdict = { kind: 'broken', seq: 3, problem: 'its hash does not fit' };
    expect((await get(made, 'audit/verify')).json()).toMatchObject({ intact: false, broken_at: 3 });
  });

  it('is told again after a verification that failed', async () => {
    const made = testServer();
    const { verifyAudit } = made.daemon.tools;
    made.daemon.tools.verifyAudit = () => Promise.reject(new Error('disk'));
    expect((await get(made, 'audit/verify')).statusCode).toBe(500);
    made.daemon.tools.verifyAudit = verifyAudit;
    expect((await get(made, 'audit/verify')).statusCode).toBe(200);
  });

  it('is not read for a HEAD request', async () => {
    const { server, daemon } = testServer();
    for (const url of ['/api/v1/audit', '/api/v1/audit/verify']) {
      expect((await server.inject({ method: 'HEAD', url })).statusCode).toBe(405);
    }
    expect(daemon.tools.verifications).toBe(0);
  });
});

describe('tools and policy', () => {
  it('are shown with the rules in words', async () => {
    const made = testServer();
    const tools = (await get(made, 'tools')).json();
    expect(tools).toMatchObject({
      enabled: true,
      url: 'http://127.0.0.1:41877/mcp',
      schema_at: '2026-11-22T09:00:00.000Z',
      schema_error: null,
      read_default: 'allow',
      write_default: 'approve',
      projects: ['SHOP'],
    });
    expect(tools.rules[0]).toMatchObject({
      number: 1,
      group: 'leads',
      to: null,
      when: { priority: ['high', 'highest'] },
      limit: null,
    });
    expect(tools.rules[1]).toMatchObject({ to: ['done'], limit: '5/run' });
    expect(tools.tools[0]).toMatchObject({ name: 'tracker_api', input: { type: 'object' } });
    made.daemon.tools.shown = { ...made.daemon.tools.shown, schemaAtMs: null, schemaError: 'down', url: '' };
    expect((await get(made, 'tools')).json()).toMatchObject({
      url: null,
      schema_at: null,
      schema_error: 'down',
    });
  });

  const post = async ({ server }: TestServer, path: string, payload: unknown) =>
    server.inject({
      method: 'POST',
      url: `/api/v1/tools/${path}`,
      headers: json,
      payload: JSON.stringify(payload),
    });

  it('are asked what they would say, and whether a limit is used up', async () => {
    const made = testServer();
    const question = { operation: 'add_comment', details: { body: 'x' }, issue_identifier: 'SHOP-42' };
    expect((await post(made, 'policy', question)).json()).toEqual({
      decision: 'approve',
      rule: 'rule 1 (leads)',
      group: 'leads',
      limit_exceeded: null,
    });
    expect(made.daemon.tools.questions).toEqual([
      { operation: 'add_comment', details: { body: 'x' }, issueIdentifier: 'SHOP-42' },
    ]);
    made.daemon.tools.policy = {
      decision: 'allow',
      rule: 'rule 2',
      ruleNumber: 2,
      group: '',
      limitExceeded: { count: 5, per: 'run' },
    };
    expect((await post(made, 'policy', { operation: 'add_comment' })).json().limit_exceeded).toBe('5/run');
    made.daemon.tools.policy = new ToolFault('invalid_arguments', 'body: expected text');
    const fault = await post(made, 'policy', { operation: 'add_comment' });
    expect([fault.statusCode, fault.json().error]).toEqual([
      422,
      { code: 'invalid_details', message: 'body: expected text' },
    ]);
  });

  it.each([
    [{}],
    [{ operation: 'drop_tables' }],
    [{ operation: '__proto__' }],
    [{ operation: 'add_comment', details: [] }],
    [{ operation: 'add_comment', issue: 'A-1' }],
    [{ operation: 'add_comment', issue_identifier: 7 }],
    [{ operation: 'add_comment', details: JSON.parse('['.repeat(30) + ']'.repeat(30)) as unknown }],
    [null],
  ])('are not asked %j', async (payload) => {
    const made = testServer();
    const answer = await post(made, 'policy', payload);
    expect([answer.statusCode, made.daemon.tools.questions]).toEqual([400, []]);
  });

  it('read the site’s names anew when told to, and say how that went', async () => {
    const made = testServer();
    const read = async () =>
      made.server.inject({ method: 'POST', url: '/api/v1/tools/refresh', headers: json });
    const first = await read();
    expect([first.statusCode, first.json()]).toEqual([
      202,
      { ok: true, message: '2 projects, 3 issue types' },
    ]);
    made.daemon.tools.refreshed = new TrackerError({
      kind: 'tracker_transport_error',
      method: 'GET',
      path: '/field',
      detail: 'timeout',
    });
    const second = await read();
    expect([second.statusCode, second.json().error.code]).toEqual([502, 'tracker_failed']);
  });
});

describe('a server without them', () => {
  it('says so at each of their routes, and counts nothing', async () => {
    const made = testServer({ tools: undefined });
    const paths = ['approvals', 'approvals/7', 'outbox', 'audit', 'audit/head', 'audit/verify', 'tools'];
    for (const path of paths) {
      const answer = await get(made, path);
      expect([answer.statusCode, answer.json().error.code], path).toEqual([404, 'tools_off']);
    }
    expect((await get(made, 'me')).statusCode).toBe(200);
    expect((await get(made, 'state')).json()).toMatchObject({ approvals_pending: 0, outbox_open: 0 });
  });
});

describe('the state', () => {
  it('counts proposals and writes that wait, and sends the counts when they change', async () => {
    const { url, daemon } = await listeningServer();
    const ended = new AbortController();
    const answer = await fetch(`${url}/api/v1/events`, { signal: ended.signal });
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of answer.body ?? [])
        text += decoder.decode(chunk as Uint8Array, { stream: true });
    })().catch(() => undefined);
    const counts = () =>
      [...text.matchAll(/"approvals_pending":(\d+),"outbox_open":(\d+)/g)].map(([, a, b]) => [
        Number(a),
        Number(b),
      ]);
    await expect.poll(counts).toEqual([[3, 2]]);
    daemon.tools.proposals = [proposal()];
    daemon.tools.writes = [];
    daemon.tools.change();
    await expect.poll(counts).toEqual([
      [3, 2],
      [1, 0],
    ]);
    ended.abort();
    await reading;
  });
});
