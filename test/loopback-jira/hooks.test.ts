// The four points of a request at which a test can do something, such as killing the client.
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { call, login, withJira } from './client.ts';
import { addIssue, adf, type LoopbackJira } from './index.ts';

const points = ['arriving', 'received', 'applied', 'answered'] as const;
const path = '/rest/api/3/issue/PROJ-1/comment';

function comments(jira: LoopbackJira): number {
  return jira.state.commentsOf(jira.state.findIssue('PROJ-1')?.id ?? '').length;
}

it('calls them in order and waits for each', async () => {
  await withJira({}, async (jira) => {
    addIssue(jira.state, 'PROJ');
    const seen: string[] = [];
    for (const point of points) {
      jira.hooks[point] = async () => {
        await new Promise((done) => setImmediate(done));
        seen.push(`${point} ${comments(jira)}`);
      };
    }
    const reply = await call(jira, '/issue/PROJ-1/comment', { method: 'POST', body: { body: adf('x') } });
    expect(reply.status).toBe(201);
    await expect.poll(() => seen).toEqual(['arriving 0', 'received 0', 'applied 1', 'answered 1']);
  });
});

it.each([
  ['arriving', 0],
  ['received', 1],
  ['applied', 1],
  ['answered', 1],
] as const)('a client that dies at "%s" leaves %i comments', async (point, expected) => {
  await withJira({}, async (jira) => {
    addIssue(jira.state, 'PROJ');
    const text = JSON.stringify({ body: adf('x') });
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: x',
      `authorization: ${login.authorization}`,
      'content-type: application/json',
      `content-length: ${text.length}`,
    ];
    const socket = connect(Number(new URL(jira.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const died = once(socket, 'close');
    const kill = async (): Promise<void> => {
      socket.destroy();
      await died;
    };
    jira.hooks[point] = kill;
    // The head alone: who dies on arrival has not sent the body.
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    if (point !== 'arriving') socket.write(text);
    await died;
    // A request of another client passes after it.
    jira.hooks[point] = undefined;
    await expect.poll(() => comments(jira)).toBe(expected);
    expect((await call(jira, '/issue/PROJ-1/comment')).json.comments.length).toBe(expected);
    if (point === 'arriving') expect(jira.requests.map(({ method }) => method)).toEqual(['GET']);
  });
});

it('does not call "answered" for an answer that a fault kept back', async () => {
  await withJira({}, async (jira) => {
    addIssue(jira.state, 'PROJ');
    let answered = 0;
    jira.hooks.answered = () => void (answered += 1);
    jira.faults.once('GET /issue/{issueIdOrKey}', { kind: 'reset', at: 'after-applied' });
    await expect(call(jira, '/issue/PROJ-1')).rejects.toThrow();
    await call(jira, '/issue/PROJ-1');
    await expect.poll(() => answered).toBe(1);
  });
});
