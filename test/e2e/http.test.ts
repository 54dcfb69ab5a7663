// The HTTP side of a running daemon: live events as runs come and go, refresh, the doors, and what it says while it
// shuts down.

import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type Daemon, type State } from './daemon.ts';
import { baseSettings, freePort, makeFolder, makeIssue, until, type Folder } from './program.ts';

let folder: Folder;
let daemon: Daemon;
beforeAll(async () => {
  folder = await makeFolder();
  await folder.writeIssues([]);
  const base = baseSettings(folder, `while [ ! -e ${folder.file('go')} ]; do sleep 0.05; done`);
  await folder.writeWorkflow({
    ...base,
    polling: { interval_ms: 3_600_000 },
    server: { allowed_hosts: ['box.example'] },
  });
  daemon = await startDaemon(folder);
  await until(
    'the first tick',
    async () => (await daemon.metric('sortie_poll_cycles_total{result="success"}')) === 1,
  );
});
afterAll(async () => {
  expect(await folder.close()).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Unlike fetch, lets a test choose the Host. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((settle, fail) => {
    const sent = request(daemon.url + path, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        settle({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on('error', fail);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

it('shows a run coming and going, live, after a refresh that ticks at once', async () => {
  const ended = new AbortController();
  const stream = await fetch(`${daemon.url}/api/v1/events`, { signal: ended.signal });
  const seen: { id: number; state: State }[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: ?(.*)$/m.exec(block)?.[1];
        if (!/^event: ?state$/m.test(block) || data === undefined) continue;
        seen.push({ id: Number(/^id: ?(\d+)$/m.exec(block)?.[1]), state: JSON.parse(data) as State });
      }
    }
  })().catch(() => undefined);

  await folder.writeIssues([makeIssue(1)]);
  const refresh = await daemon.refresh();
  expect(refresh.status).toBe(202);
  expect(await refresh.json()).toMatchObject({ queued: true, coalesced: false });
  await until('the run to be shown', () =>
    seen.some(({ state }) => state.running[0]?.issue_identifier === 'E2E-1'),
  );
  const came = seen.length;
  await folder.write('go', '');
  await until('it to go', () => seen.slice(came).some(({ state }) => state.counts.running === 0));
  ended.abort();
  await reading;

  const ids = seen.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(new Set(ids).size).toBe(ids.length);
  await until('the handoff', async () => (await folder.issues())[0]?.state === 'In Review');
});

it('answers to its own names only', async () => {
  const { port } = new URL(daemon.url);
  const status = async (host: string): Promise<number> =>
    (await ask('GET', '/api/v1/state', { host })).status;
  expect(await status('evil.example')).toBeGreaterThanOrEqual(400);
  expect(await status(`evil.example:${port}`)).toBeGreaterThanOrEqual(400);
  expect(await status(`localhost:${port}`)).toBe(200);
  expect(await status(`box.example:${port}`)).toBe(200);
  expect(await status(`127.0.0.1:${port}`)).toBe(200);
});

it.each([
  ['another origin', { 'content-type': 'application/json', origin: 'https://evil.example' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['plain text', { 'content-type': 'text/plain' }],
  ['no content type', {}],
])('takes no write from %s', async (_name, headers: Record<string, string>) => {
  const ticks = await daemon.metric('sortie_poll_cycles_total{result="success"}');
  const { status, body } = await ask('POST', '/api/v1/refresh', headers);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(JSON.parse(body)).toMatchObject({ error: { code: expect.any(String) as string } });
  expect(await daemon.metric('sortie_poll_cycles_total{result="success"}')).toBe(ticks);
});

it('takes a write from its own page', async () => {
  const headers = { 'content-type': 'application/json', origin: daemon.url };
  expect((await ask('POST', '/api/v1/refresh', headers)).status).toBe(202);
});

it.each([
  ['GET', '/api/v1/NOPE-1', 404, 'issue_not_found'],
  ['GET', '/api/v1/refresh', 405, 'method_not_allowed'],
  ['DELETE', '/api/v1/state', 405, 'method_not_allowed'],
])('%s %s is %d', async (method, path, status, code) => {
  const answer = await ask(method, path);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
});

it('says that it is draining, refuses a refresh, and starts nothing', async () => {
  // An agent that ends when it is told to, and not before, keeps the daemon draining for as long as we look.
  const [deaf, end] = [folder.file('deaf'), folder.file('end')];
  const base = baseSettings(folder, `trap '' TERM; : > ${deaf}; until [ -e ${end} ]; do sleep 0.1; done`);
  await folder.writeWorkflow({ ...base, agent: { ...(base['agent'] as object), stop_grace_ms: 300_000 } });
  await until('the reload', () => daemon.says('workflow reloaded') > 0);
  await folder.writeIssues([makeIssue(2)]);
  await daemon.refresh();
  await until('an agent that hears no SIGTERM', () => existsSync(deaf));
  daemon.program.child.kill('SIGTERM');
  await until('the draining', () => daemon.says('shutting down') > 0);
  await folder.writeIssues([makeIssue(2), makeIssue(3)]);

  const livez = await ask('GET', '/livez');
  expect([livez.status, JSON.parse(livez.body)]).toEqual([503, { status: 'fail' }]);
  expect((await daemon.ready()).httpStatus).toBe(503);
  expect((await daemon.refresh()).status).toBe(409);
  expect((await daemon.state()).counts.running).toBe(1);
  await folder.write('end', '');
  expect(await daemon.program.exit).toEqual({ code: 0, signal: null });
  expect(daemon.says(/run dispatched[^\n]*E2E-3/)).toBe(0);
});

it('wants the token off loopback, and only then', async () => {
  const other = await makeFolder();
  await other.writeIssues([]);
  await other.writeWorkflow({ ...baseSettings(other, 'true'), server: { token: 'a-long-token-123456' } });
  const port = await freePort();
  const program = other.start(['--host', '0.0.0.0', '--port', port]);
  await until('the start', () => program.stderr().includes('sortie started'));
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
  expect(await status('/api/v1/state')).toBe(401);
  expect(await status('/api/v1/state', { authorization: 'Bearer wrong' })).toBe(401);
  expect(await status('/api/v1/state', { authorization: 'Bearer a-long-token-123456' })).toBe(200);
  expect(await status('/livez')).toBe(200);
  expect(await status('/metrics')).toBe(200);
  program.child.kill('SIGTERM');
  expect((await program.exit).code).toBe(0);
  expect(await other.close()).toEqual([]);
});
