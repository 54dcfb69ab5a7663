// An agent that opens the operator's port itself changes nothing there, whatever it says; it may look, as anybody may.
import { expect, it } from 'vitest';
import type { AgentOf } from '../../src/http/agent-guard.ts';
import { listeningServer } from './start-server.ts';

const JSON_BODY = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };

it.each(['/api/v1/pause', '/api/v1/issues/DEMO-1/dispatch', '/api/v1/approvals/x', '/login'])(
  'a write of an agent to %s is refused',
  async (path) => {
    const { url } = await listeningServer({ agentOf: () => Promise.resolve('run-7') });
    const answer = await fetch(`${url}${path}`, JSON_BODY);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      error: {
        code: 'agent_refused',
        message: 'this comes from the agent of run run-7: agents ask by their tools, people decide here',
      },
    });
  },
);

it('people write, and agents may look', async () => {
  const asked: Parameters<AgentOf>[0][] = [];
  const { url } = await listeningServer({
    agentOf: (ports) => {
      asked.push(ports);
      return Promise.resolve(null);
    },
  });
  expect((await fetch(`${url}/api/v1/state`)).status).toBe(200);
  expect(asked).toEqual([]);
  expect((await fetch(`${url}/api/v1/refresh`, JSON_BODY)).status).toBe(202);
  expect(asked).toMatchObject([{ localPort: Number(new URL(url).port) }]);
});
