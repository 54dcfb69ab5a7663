// Cancelling, in a model stream and in a running tool: SIGINT first, because the CLI then says what it has used; when
// it does not listen, everything is ended all the same, tools in sessions of their own included.
import { expect, it } from 'vitest';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { recordedTurn, withFakeClaude } from './fake-claude.ts';
import { recordedLines, spent } from './recorded.ts';

async function cancelled(
  turns: Parameters<typeof withFakeClaude>[0]['turns'],
  changes: { stopGraceMs?: number } = {},
) {
  const { fake, start } = await withFakeClaude({ turns });
  const play = await start(changes);
  const controller = new AbortController();
  const outcome = play.turn(1, { signal: controller.signal }).then(
    () => 'completed',
    (error: unknown) => error,
  );
  await fake.until(([call]) => call?.hanging);
  controller.abort('not wanted any more');
  expect(await outcome).toMatchObject({ kind: 'turn_cancelled' });
  assertNothingLeft(play.request.runId, play.processes);
  expect(await fake.alive()).toEqual([]);
  return { play, call: (await fake.calls())[0] };
}

it('in a model stream: the last words tell what the cut call has used', async () => {
  const lines = recordedLines('interrupted-stream');
  const { play, call } = await cancelled([
    {
      output: { lines: lines.slice(0, -1) },
      misbehave: [{ kind: 'hang', afterLine: lines.length - 1 }],
      onSignal: { SIGINT: { lines: lines.slice(-1) } },
    },
  ]);
  expect(call).toMatchObject({ signals: ['SIGINT'], exitCode: 0 });
  expect(spent(play.events)).toMatchObject({ inputTokens: 100, outputTokens: 3, cacheReadTokens: 20 });
  expect(play.events.at(-1)?.kind).toBe('turn_cancelled');
});

it('in a tool that runs in a session of its own', async () => {
  const lines = recordedLines('interrupted-tool');
  const { play, call } = await cancelled([
    {
      output: { lines: lines.slice(0, 3) },
      misbehave: [{ kind: 'hang', afterLine: 3, withTool: true }],
      onSignal: { SIGINT: { lines: lines.slice(3) } },
    },
  ]);
  expect(call?.signals).toEqual(['SIGINT']);
  expect(play.events.filter(({ kind }) => kind === 'tool_started')).toHaveLength(1);
  expect(spent(play.events)).toMatchObject({ inputTokens: 100, outputTokens: 10 });
});

it('when neither SIGINT nor SIGTERM is listened to, and a tool ignores them as well', async () => {
  const { call } = await cancelled(
    [
      recordedTurn('partial-tool', {
        misbehave: [
          { kind: 'child-in-new-session', afterLine: 2, ignoresSignals: true },
          { kind: 'hang', afterLine: 12, withTool: true },
        ],
        onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
      }),
    ],
    { stopGraceMs: 300 },
  );
  expect(call?.signals).toEqual(['SIGINT', 'SIGTERM']);
  expect(call?.processes).toHaveLength(3);
});
