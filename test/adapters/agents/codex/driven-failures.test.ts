// Turns through a fake `codex` that fail: by what it says, by its death, by its silence. Nothing is left of them.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { callsOf, failureOf } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { closeFake, full, methodsOf, openFake } from './fake-codex.ts';
import type { FakeOptions } from './fake-codex.ts';
import { fixturePath, sessionWith } from './recorded.ts';

let fake: FakeAgent;
let stage: CodexStage;

async function open(options: FakeOptions = {}, settings: Record<string, unknown> = full): Promise<void> {
  ({ fake, stage } = await openFake(options, settings));
}

afterEach(closeFake);

describe('a turn that fails', () => {
  it.each([
    ['[[status 401]]', { kind: 'agent_config_error', reason: 'authentication' }],
    ['[[status 429]]', { kind: 'turn_failed', reason: 'quota' }],
    ['[[status 500]]', { kind: 'turn_failed', reason: 'service_error' }],
    ['[[usage-limit]]', { kind: 'turn_failed', reason: 'quota', resetAtMs: 1_900_000_000_000 }],
    ['[[overflow]]', { kind: 'turn_failed', reason: 'context_overflow' }],
  ])('for %s says why, and leaves nothing', async (prompt, expected) => {
    await open({ dialogue: { lines: sessionWith('failures.jsonl', prompt) } });
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, prompt))).toMatchObject(expected);
    expect(stage.events.at(-1)?.kind).not.toBe('turn_completed');
    stage.nothingLeft();
  });

  it.each([
    [
      { kind: 'exit', exitCode: 0 },
      { kind: 'turn_failed', reason: 'truncated_output' },
    ],
    [
      { kind: 'exit', exitCode: 3, stderr: 'it broke\n' },
      { kind: 'port_exit', reason: 'crash' },
    ],
    [
      { kind: 'dies', by: 'SIGKILL' },
      { kind: 'port_exit', reason: 'crash' },
    ],
    [{ kind: 'cut' }, { kind: 'turn_failed', reason: 'truncated_output' }],
  ] as const)('by its process: %o', async (trouble, expected) => {
    await open({ misbehave: [{ method: 'turn/start', afterLine: 4, ...trouble }] });
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, '[[scenario:tool]] go'))).toMatchObject(expected);
    stage.nothingLeft();
  });

  it('by an answer that never comes is not waited for', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start' }] });
    const session = await stage.start();
    // Only the patience with the answer is of these timers.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failure = failureOf(stage.turn(session, '[[scenario:tool]] go'));
    await fake.until(([call]) => call?.hanging);
    vi.advanceTimersByTime(stage.request.readTimeoutMs);
    vi.useRealTimers();
    expect(await failure).toMatchObject({ kind: 'response_timeout' });
    stage.nothingLeft();
  });

  it('by a refusal of the protocol is an error of the protocol', async () => {
    const error = { code: -32600, message: 'input is too large' };
    await open({ misbehave: [{ kind: 'error', method: 'turn/start', error }] });
    const session = await stage.start();
    const failure = await failureOf(stage.turn(session, '[[scenario:tool]] go'));
    expect(failure.kind).toBe('response_error');
    expect(failure.message).toContain('input is too large');
    stage.nothingLeft();
  });

  it('by its listener ends the agent, too', async () => {
    await open();
    const session = await stage.start();
    const onEvent = (event: AgentEvent): void => {
      if (event.kind === 'tool_started') throw new Error('no room');
    };
    const failure = await failureOf(stage.turn(session, '[[scenario:tool]] go', { onEvent }));
    expect(failure.kind).toBe('response_error');
    expect(failure.message).toContain('no room');
    stage.nothingLeft();
  });

  it('is followed by one that resumes the thread', async () => {
    await open({
      hooks: fixturePath('resumable.mjs'),
      misbehave: [{ kind: 'dies', method: 'turn/start', afterLine: 4, by: 'SIGKILL' }],
    });
    const session = await stage.start();
    await failureOf(stage.turn(session, '[[scenario:tool]] go'));
    await stage.turn(session, '[[scenario:tool]] go');
    expect(await methodsOf(fake, 1)).toContain('thread/resume');
    expect(stage.used()).toEqual(callsOf(2));
  });
});

describe('a server that does not answer', () => {
  it.each(['initialize', 'account/read'])('%s is not waited for', async (method) => {
    await open({ misbehave: [{ kind: 'hang', method }] });
    expect(await failureOf(stage.start({ readTimeoutMs: 400 }))).toMatchObject({ kind: 'response_timeout' });
    stage.nothingLeft();
  });
});
