// The mock calls the tools of its run as its settings say: a real process, a real listener, real calls.
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/mock/index.ts';
import { handOver } from '../../../../src/tools/mcp/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { raise } from '../../../tools/mcp/stage.ts';
import type { Stage } from '../../../tools/mcp/stage.ts';
import { clearStages, messagesOf, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

afterEach(clearStages);

async function play(stage: Stage, settings: Record<string, unknown>): Promise<Play> {
  const { privateDirectory } = await newRequest();
  const tools = await handOver(stage, {
    privateDirectory,
    bridge: { command: 'sortie', args: [] },
    waitMs: 1000,
  });
  const changes: Partial<SessionRequest> = {
    tools,
    settings: agent.settingsSchema.parse({ turn_ms: 0, file: '', ...settings }),
  };
  return startPlay(agent, changes);
}

it('calls them in order, in their turn, with the issue and the last id filled in', async () => {
  const stage = await raise({
    write: () => ({
      ok: true,
      body: { success: true, data: { status: 'pending', id: 'w-1', approval_id: 'a-1' } },
    }),
    request_status: () => ({ ok: false, body: { success: false, error: { kind: 'approval_rejected' } } }),
  });
  const scene = await play(stage, {
    calls: [
      { tool: 'write', arguments: { issueKey: '$ISSUE', labels: ['$ISSUE', 'x'] } },
      { tool: 'request_status', arguments: { id: '$LAST_ID' } },
      { tool: 'write', turn: 2 },
    ],
  });
  await scene.turn(1);
  expect(stage.calls).toEqual([
    { name: 'write', args: { issueKey: 'DEMO-1', labels: ['DEMO-1', 'x'] } },
    { name: 'request_status', args: { id: 'a-1' } },
  ]);
  const tools = scene.events.filter(
    (event) => (event.kind === 'tool_started' || event.kind === 'tool_result') && event.callId !== undefined,
  );
  expect(tools).toMatchObject([
    { kind: 'tool_started', callId: 'call-1-1', name: 'write' },
    { kind: 'tool_result', callId: 'call-1-1', name: 'write', ok: true },
    { kind: 'tool_started', callId: 'call-1-2', name: 'request_status' },
    { kind: 'tool_result', callId: 'call-1-2', name: 'request_status', ok: false },
  ]);
  expect(messagesOf(scene.events, 'notification').join('\n')).toContain('"approval_rejected"');
  expect(scene.events.at(-1)).toEqual({ kind: 'turn_completed' });
  await scene.turn(2);
  expect(stage.calls).toHaveLength(3);
  expect(stage.calls[2]).toEqual({ name: 'write', args: {} });
}, 30_000);

it('fails its turn when it cannot reach them', async () => {
  const stage = await raise();
  const scene = await play(stage, { calls: [{ tool: 'echo' }] });
  await stage.revoke();
  await expect(scene.turn(1)).rejects.toMatchObject({ kind: 'turn_failed' });
}, 30_000);

it('says that there are none', async () => {
  const scene = await startPlay(agent, {
    settings: agent.settingsSchema.parse({ turn_ms: 0, file: '', calls: [{ tool: 'echo' }] }),
  });
  await scene.turn(1);
  expect(messagesOf(scene.events, 'notification')).toContain('this run has no tools to call');
}, 30_000);
