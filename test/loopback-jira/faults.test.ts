// Everything that goes wrong on purpose does go wrong, exactly where it was asked for.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call, keysOf, search, withJira } from './client.ts';
import { addIssue, addIssues, adf, startLoopbackJira, type Fault, type LoopbackJira } from './index.ts';

let jira: LoopbackJira;
const issue = 'GET /issue/{issueIdOrKey}';
const comment = 'POST /issue/{issueIdOrKey}/comment';

beforeEach(async () => {
  jira = await startLoopbackJira({ seed: 3 });
  addIssue(jira.state, 'PROJ');
});
afterEach(() => jira.close());

const read = (signal?: AbortSignal): ReturnType<typeof call> =>
  call(jira, '/issue/PROJ-1', signal ? { signal } : {});
const write = (signal: AbortSignal): ReturnType<typeof call> =>
  call(jira, '/issue/PROJ-1/comment', { method: 'POST', body: { body: adf('once') }, signal });

/** Under a fault: what hangs is given up when the loopback has done with it what it will do. */
async function under(
  fault: Fault,
  ask: (signal: AbortSignal) => ReturnType<typeof call>,
  applied?: boolean,
): ReturnType<typeof call> {
  const controller = new AbortController();
  const reply = ask(controller.signal);
  reply.catch(() => undefined);
  if (fault.kind === 'hang') {
    const done = applied === undefined ? {} : { applied };
    await expect.poll(() => jira.requests[0]).toMatchObject({ fault: 'hang', ...done });
    controller.abort();
  }
  return reply;
}

const comments = (): number => jira.state.commentsOf(jira.state.findByKey('PROJ-1')?.id ?? '').length;

it('answers with a status and headers of choice, for the requests of choice', async () => {
  const headers = { 'Retry-After': '0', 'RateLimit-Reason': 'jira-quota-tenant-based' };
  const placed = jira.faults.add({
    endpoint: issue,
    requests: [2, 3],
    fault: { kind: 'status', status: 429, headers },
  });
  const replies = [await read(), await read(), await read(), await read()];
  expect(replies.map(({ status }) => status)).toEqual([200, 429, 429, 200]);
  expect(replies[1]?.headers).toMatchObject({
    'retry-after': '0',
    'ratelimit-reason': 'jira-quota-tenant-based',
  });
  expect([placed.seen(), placed.hits()]).toEqual([4, 2]);
});

it('strikes at random by the seed, the same every time', async () => {
  const run = async (): Promise<number[]> => {
    const found: number[] = [];
    await withJira({ seed: 11 }, async (own) => {
      own.faults.add({ chance: 0.5, fault: [{ kind: 'status', status: 503 }, { kind: 'html' }] });
      for (let index = 0; index < 12; index += 1) found.push((await call(own, '/myself')).status);
    });
    return found;
  };
  const first = await run();
  expect(first).toEqual(await run());
  expect(new Set(first)).toEqual(new Set([200, 503]));
});

it.each<readonly [Fault, boolean]>([
  [{ kind: 'status', status: 503 }, false],
  [{ kind: 'status', status: 503, applied: true }, true],
  [{ kind: 'html' }, false],
  [{ kind: 'html', applied: true }, true],
  [{ kind: 'reset', at: 'before' }, false],
  [{ kind: 'reset', at: 'after-applied' }, true],
  [{ kind: 'reset', at: 'middle' }, true],
  [{ kind: 'hang', at: 'headers' }, false],
  [{ kind: 'hang', at: 'body' }, true],
  [{ kind: 'truncated-json' }, true],
  [{ kind: 'redirect', to: 'http://127.0.0.1:1' }, false],
])('applies a write, or not, under %j', async (fault, applied) => {
  jira.faults.once(comment, fault);
  await under(fault, write, applied).catch(() => undefined);
  expect(comments()).toBe(applied ? 1 : 0);
  expect(jira.requests[0]).toMatchObject({ endpoint: comment, applied, fault: fault.kind });
});

it.each<Fault>([
  { kind: 'reset', at: 'before' },
  { kind: 'reset', at: 'middle' },
  { kind: 'hang', at: 'headers' },
  { kind: 'hang', at: 'body' },
])('lets no whole answer through under %j', async (fault) => {
  jira.faults.once(issue, fault);
  await expect(under(fault, read)).rejects.toThrow();
  expect((await read()).status).toBe(200);
});

it('sends what is no JSON: a page, half of an answer, endless noise', async () => {
  for (const fault of [
    { kind: 'html' },
    { kind: 'truncated-json' },
    { kind: 'huge-body', bytes: 100_000, content: 'noise' },
  ] as const) {
    jira.faults.once(issue, fault);
    const reply = await read();
    expect(reply.status).toBe(200);
    expect(reply.json, fault.kind).toBeUndefined();
  }
});

it('sends ten megabytes, and a gzip bomb', async () => {
  jira.faults.once(issue, { kind: 'huge-body' });
  const huge = await read();
  expect(huge.text.length).toBeGreaterThanOrEqual(10 * 1024 * 1024);
  expect(huge.json.key).toBe('PROJ-1');
  jira.faults.once(issue, { kind: 'gzip-bomb', bytes: 20 * 1024 * 1024 });
  const raw = await fetch(`${jira.url}/rest/api/3/issue/PROJ-1`).then((reply) => reply.arrayBuffer());
  expect(raw.byteLength).toBe(20 * 1024 * 1024);
  jira.faults.once(issue, { kind: 'gzip-bomb' });
  const packed = await read();
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.text.length).toBeLessThan(1024 * 1024);
});

it('drips, and stops dripping when the server closes', async () => {
  jira.faults.once(issue, { kind: 'drip', bytes: 400, everyMs: 1 });
  expect((await read()).json.key).toBe('PROJ-1');
  await withJira({}, async (own) => {
    own.faults.add({ fault: { kind: 'drip', bytes: 1, everyMs: 1000 } });
    const slow = call(own, '/myself').catch((error: unknown) => error);
    await expect.poll(() => own.requests[0]?.status).toBe(200);
    await own.close();
    expect(await slow).toBeInstanceOf(Error);
  });
});

it('redirects to another origin with the path kept', async () => {
  jira.faults.once(issue, { kind: 'redirect', to: 'http://127.0.0.1:1', status: 307 });
  const reply = await read();
  expect([reply.status, reply.headers['location']]).toEqual([
    307,
    'http://127.0.0.1:1/rest/api/3/issue/PROJ-1',
  ]);
});

it('repeats a page token, and finds nothing out of the blue', async () => {
  addIssues(jira.state, 'PROJ', 5);
  const jql = 'project = PROJ';
  const { json } = await search(jira, jql, '&maxResults=2');
  const token: string = json.nextPageToken;
  jira.faults.once('GET /search/jql', { kind: 'repeat-page-token' });
  const again = await search(jira, jql, `&maxResults=2&nextPageToken=${token}`);
  expect(again.json.nextPageToken).toBe(token);
  jira.faults.once('GET /search/jql', { kind: 'empty-result' });
  expect(await keysOf(jira, jql)).toEqual([]);
  expect(await keysOf(jira, jql)).toHaveLength(6);
});

it('lies as a test likes', async () => {
  jira.faults.once(issue, { kind: 'change', answer: (answer) => ({ ...answer, body: { id: 7 } }) });
  expect((await read()).json).toEqual({ id: 7 });
});

it('holds a request before and after it is applied', async () => {
  const before = jira.holds.hold('received', comment);
  const after = jira.holds.hold('applied', comment);
  const reply = call(jira, '/issue/PROJ-1/comment', { method: 'POST', body: { body: adf('x') } });
  expect(await before.reached).toMatchObject({ endpoint: comment, applied: false });
  expect(comments()).toBe(0);
  before.release();
  expect(await after.reached).toMatchObject({ applied: true, status: null });
  expect(comments()).toBe(1);
  after.release();
  expect((await reply).status).toBe(201);
});

it('calls hooks at the same points, where people may act', async () => {
  jira.hooks.received = () => void jira.people.move('PROJ-1', 'Done');
  expect((await read()).json.fields.status.name).toBe('Done');
});

it('packs answers for clients that take gzip, when told to', async () => {
  jira.settings.compress = true;
  const reply = await fetch(`${jira.url}/rest/api/3/serverInfo`, { headers: { 'accept-encoding': 'gzip' } });
  expect(reply.headers.get('content-encoding')).toBe('gzip');
  expect(await reply.json()).toMatchObject({ deploymentType: 'Cloud' });
});
