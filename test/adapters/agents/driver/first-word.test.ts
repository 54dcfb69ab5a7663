// An agent that says twice how its turn ended, and not the same: the first word counts.

import { expect, it } from 'vitest';
import { createAcpReader } from '../../../../adapters/agents/acp/reader.ts';
import { createCodexReader } from '../../../../adapters/agents/codex/reader.ts';
import type { OutputEnd, OutputReader } from '../../../../src/contract/agent.ts';

const END: OutputEnd = { exitCode: null, signal: null, unterminatedLastLine: false, stderrText: '' };

function play(reader: OutputReader, lines: readonly object[]): OutputReader {
  for (const line of lines) reader.take(JSON.stringify(line), 0);
  return reader;
}

it('counts for codex', () => {
  const turn = (status: string): object => ({
    method: 'turn/completed',
    params: { threadId: 't', turn: { id: '1', status } },
  });
  const started = { method: 'turn/started', params: { threadId: 't', turn: { id: '1' } } };
  const reader = createCodexReader({ sessionUsage: null, sessionId: 't', grantsAll: false });
  play(reader, [started, turn('completed'), turn('failed')]);
  expect(reader.endTurn(END, 0).verdict).toEqual({ kind: 'completed' });
});

it('counts for acp, and what came between two turns does not', () => {
  const answer = (stopReason: string): object => ({ jsonrpc: '2.0', id: 3, result: { stopReason } });
  const reader = createAcpReader({ sessionUsage: null, sessionId: 'x' });
  reader.mute(false);
  play(reader, [answer('end_turn'), answer('refusal')]);
  expect(reader.endTurn(END, 0).verdict).toEqual({ kind: 'completed' });
  reader.mute(true);
  play(reader, [answer('refusal')]);
  reader.mute(false);
  play(reader, [answer('end_turn')]);
  expect(reader.endTurn(END, 0).verdict).toEqual({ kind: 'completed' });
});
