// What a run may do is over when it is over: calls after it was cancelled, with a token of a run that has ended, or a
// thousand in a second get a structured answer, change nothing, and leave their line in the audit.

import { afterEach, expect, it } from 'vitest';
import { getJson, until } from '../program.ts';
import type { Daemon } from '../daemon.ts';
import { waiting } from './decisions.ts';
import { makeDesk, type Agent, type Answer, type Desk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.close());

interface Line {
  readonly kind: string;
  readonly tool: string;
  readonly answer: string;
}

async function calls({ url }: Daemon): Promise<readonly Line[]> {
  const found: Line[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: { lines: string[]; next_after: number | null } = await getJson(
      `${url}/api/v1/audit?limit=1000&after=${after}`,
    );
    found.push(...page.lines.map((line) => JSON.parse(line) as Line));
    after = page.next_after;
  }
  return found.filter(({ kind }) => kind === 'tool_call');
}

/** As it stands on the wire: a client of the SDK would throw. */
async function post(
  { url, token }: Agent,
  name: string,
  args: object,
): Promise<{ status: number; body: Answer }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      // No stream: what comes is one answer, however long it takes.
      accept: 'application/json',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name, arguments: args } }),
  });
  return { status: response.status, body: await response.json() };
}

const COMMENT = { operation: 'add_comment', body: 'A last word' };

it('is over for a call that waits for a person when its run is cancelled; the proposal stays', async () => {
  desk = await makeDesk({ tools: { default: 'approve' } });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const answer = agent.call('tracker_api', COMMENT);
  const { id } = await waiting(daemon);
  await fetch(`${daemon.url}/api/v1/issues/PROJ-1/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(await answer).toMatchObject({ success: false, error: { kind: 'run_ended' } });
  expect((await waiting(daemon)).id).toBe(id);
  await until('its line', async () => (await calls(daemon)).some(({ answer: said }) => said === 'run_ended'));
  expect(await calls(daemon)).toMatchObject([{ tool: 'tracker_api', answer: 'run_ended' }]);
  expect(desk.comments('PROJ-1')).toEqual([]);
});

it('is over for calls after the cancel, and what had not been sent is not sent any more', async () => {
  desk = await makeDesk({
    tools: { default: 'allow', approval: { wait_ms: 200 } },
    // Deaf to SIGTERM for long enough that calls come between the cancel and the end.
    agent: { stop_grace_ms: 4_000 },
  });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const first = desk.jira.holds.hold('received', 'POST /issue/{issueIdOrKey}/comment');
  const queued = [await agent.call('tracker_api', COMMENT), await agent.call('tracker_api', COMMENT)];
  expect(queued.map(({ data }) => data.status as string)).toEqual(['queued', 'queued']);
  await first.reached;
  await fetch(`${daemon.url}/api/v1/issues/PROJ-1/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const late = await until('the end of what it may', async () => {
    const { status, body } = await post(agent, 'tracker_api', COMMENT);
    const kind = (
      status === 200 ? body.result.structuredContent.error?.kind : body.error?.data?.kind
    ) as unknown;
    return kind === 'run_ended' && { status, body };
  });
  expect([200, 401]).toContain(late.status);
  first.release();
  await until('the end of both writes', async () => {
    const { writes } = await getJson<{ writes: { status: string; operation: string }[] }>(
      `${daemon.url}/api/v1/outbox?status=all`,
    );
    const ends = writes.filter(({ operation }) => operation === 'add_comment').map(({ status }) => status);
    return ends.sort().join() === 'cancelled,done';
  });
  await daemon.ticks(3);
  expect(desk.comments('PROJ-1')).toHaveLength(1);
});

it('is over with the run: its token opens nothing', async () => {
  desk = await makeDesk({ tools: { default: 'allow' } });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  expect(await agent.call('tracker_api', COMMENT)).toMatchObject({ success: true });
  await desk.letGo('PROJ-1');
  await until('the end of the run', async () => (await daemon.runs('PROJ-1'))[0]?.status === 'succeeded');
  const { status, body } = await post(agent, 'tracker_api', COMMENT);
  expect(status).toBe(401);
  expect(body).toMatchObject({ jsonrpc: '2.0', error: { data: { kind: 'run_ended' } } });
  for (const token of ['', 'x'.repeat(43), agent.token.slice(0, -1)])
    expect((await post({ ...agent, token }, 'tracker_api', COMMENT)).status).toBe(401);
  expect(desk.comments('PROJ-1')).toHaveLength(1);
  // The operator's API knows no such token either, and the tools' port serves nothing else.
  expect((await fetch(new URL('/api/v1/approvals', agent.url))).status).toBe(404);
});

it('answers a thousand calls at once, each with a line of its own, and stays awake', async () => {
  desk = await makeDesk({ tools: { default: 'deny' } });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  let isOver = false;
  // How many of the calls had been answered at each of its answers.
  const answeredAt: number[] = [];
  let answered = 0;
  const watched = (async () => {
    while (!isOver) {
      expect((await fetch(`${daemon.url}/livez`)).status).toBe(200);
      answeredAt.push(answered);
    }
  })();
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, number) =>
      post(agent, 'tracker_api', { ...COMMENT, body: `Call ${number}` }).finally(() => (answered += 1)),
    ),
  ).finally(() => (isOver = true));
  await watched;
  // It did not have to wait until all of them were.
  expect(answeredAt.filter((count) => count < 1_000).length).toBeGreaterThan(2);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const kinds = answers.map(({ body }) => body.result.structuredContent.error.kind as string);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  expect([count('policy_denied'), count('rate_limited')]).toEqual([300, 700]);
  const lines = await calls(daemon);
  expect(lines).toHaveLength(1_000);
  expect(lines.map(({ answer }) => answer).sort()).toEqual(kinds.sort());
  expect(desk.comments('PROJ-1')).toEqual([]);
  expect(await getJson(`${daemon.url}/api/v1/audit/verify`)).toMatchObject({ intact: true });
  // Others are not held up by it: who comes back in a minute may go on, and people at once.
  expect((await daemon.state()).counts.running).toBe(1);
});
