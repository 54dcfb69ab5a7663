// The loopback holds itself to its shapes: an answer that breaks them is a 500, and closing the server says so.
import { expect, it } from 'vitest';
import { call } from './client.ts';
import { addIssue, startLoopbackJira, type Adf } from './index.ts';

const invalid = { type: 'doc', version: 1, content: [{ type: 'text', text: '' }] } as Adf;

it('fails the test whose site holds what Jira could not answer', async () => {
  const jira = await startLoopbackJira();
  const { key } = addIssue(jira.state, 'PROJ');
  jira.people.comment(key, invalid);
  await call(jira, `/issue/${key}/comment`);
  await expect(jira.close()).rejects.toThrow(
    'GET /issue/PROJ-1/comment: answers 200 with comments.0.body: doc.content[0]: text may not stand in doc',
  );
});

it('leaves nothing behind: closing ends held, hanging and slow requests', async () => {
  const jira = await startLoopbackJira();
  jira.faults.once('GET /serverInfo', { kind: 'hang', at: 'headers' });
  jira.faults.once('GET /status', { kind: 'slow', ms: 60_000 });
  const held = jira.holds.hold('received', 'GET /myself');
  const calls = ['/serverInfo', '/status', '/myself'].map((path) =>
    call(jira, path, { timeoutMs: 60_000 }).then(
      () => 'answered',
      () => 'cut',
    ),
  );
  await held.reached;
  await expect.poll(() => jira.requests.length).toBe(3);
  await jira.close();
  const ends = await Promise.all(calls);
  expect(ends.slice(0, 2)).toEqual(['cut', 'cut']);
  await expect(call(jira, '/myself')).rejects.toThrow();
});
