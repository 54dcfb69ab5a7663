// Turns through a fake `codex` that are cancelled, and what others leave behind: whatever it does, all of it ends.

import { afterEach, describe, expect, it } from 'vitest';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { callsOf, failureOf } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { closeFake, full, methodsOf, openFake } from './fake-codex.ts';
import type { FakeOptions } from './fake-codex.ts';
import { fixturePath } from './recorded.ts';

let fake: FakeAgent;
let stage: CodexStage;

async function open(options: FakeOptions = {}, settings: Record<string, unknown> = full): Promise<void> {
  ({ fake, stage } = await openFake(options, settings));
}

afterEach(closeFake);

describe('a cancelled turn', () => {
  const slow = '[[scenario:slowtool 100]] go';

  async function cancel(changes: Partial<SessionRequest> = {}): Promise<void> {
    const session = await stage.start(changes);
    const controller = new AbortController();
    const failed = failureOf(stage.turn(session, slow, { signal: controller.signal }));
    await fake.until((calls) => calls[0]?.hanging);
    controller.abort('stalled');
    expect(await failed).toMatchObject({ kind: 'turn_cancelled', message: 'agent: turn_cancelled: stalled' });
    expect(stage.events.at(-1)?.kind).toBe('turn_cancelled');
    stage.nothingLeft();
  }

  it('in a tool is interrupted by the protocol, and takes its tool along', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true }] });
    await cancel();
    expect(await methodsOf(fake)).toContain('turn/interrupt');
    const [call] = await fake.calls();
    expect(call?.exitCode).toBe(0);
    // What the interrupted call had used is counted, too.
    expect(stage.used().outputTokens).toBeGreaterThan(0);
  });

  it('in a silent stream is interrupted by the protocol', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 4 }] });
    await cancel();
    expect(await methodsOf(fake)).toContain('turn/interrupt');
  });

  it('that does not listen to the protocol is ended by signals', async () => {
    await open({
      misbehave: [
        { kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true },
        { kind: 'hang', method: 'turn/interrupt' },
      ],
    });
    await cancel({ stopGraceMs: 600 });
  });

  it('that listens to nothing at all is ended all the same', async () => {
    await open({
      misbehave: [
        { kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true },
        { kind: 'hang', method: 'turn/interrupt' },
      ],
      onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
      endsWithStdin: false,
    });
    await cancel({ stopGraceMs: 600 });
  });

  it('is over when the session is stopped', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true }] });
    const session = await stage.start();
    const failed = failureOf(stage.turn(session, slow));
    await fake.until((calls) => calls[0]?.hanging);
    await stage.stop(session);
    expect((await failed).kind).toBe('turn_cancelled');
    stage.nothingLeft();
  });

  it('starts nothing when it was cancelled before', async () => {
    await open();
    const session = await stage.start();
    expect((await failureOf(stage.turn(session, slow, { signal: AbortSignal.abort('no') }))).kind).toBe(
      'turn_cancelled',
    );
    expect(await methodsOf(fake)).not.toContain('turn/start');
  });
});

describe('what a turn leaves behind', () => {
  it('is counted with it when it is what the turn has used', async () => {
    await open({ hooks: fixturePath('late-usage.mjs'), pieces: 'whole' });
    const session = await stage.start();
    const events = await stage.turn(session, 'go');
    expect(stage.used()).toEqual(callsOf(1));
    expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
  });

  it('is ended with its process, and the next turn resumes the thread', async () => {
    await open({
      hooks: fixturePath('resumable.mjs'),
      misbehave: [{ kind: 'child-in-new-session', method: 'turn/start', afterLine: 2, ignoresSignals: true }],
    });
    const session = await stage.start({ stopGraceMs: 500 });
    const events = await stage.turn(session, '[[scenario:tool]] go');
    expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
    stage.nothingLeft();
    await stage.turn(session, '[[scenario:mcp]] go');
    expect(await methodsOf(fake, 1)).toContain('thread/resume');
    expect(stage.used()).toEqual(callsOf(4));
  });

  it('does not hold the end up when it holds stdout', async () => {
    await open({ misbehave: [{ kind: 'stdout-held-by-grandchild', method: 'turn/start', afterLine: 2 }] });
    const session = await stage.start({ stopGraceMs: 500 });
    await stage.turn(session, '[[scenario:tool]] go');
    await stage.stop(session);
    stage.nothingLeft();
  });
});
