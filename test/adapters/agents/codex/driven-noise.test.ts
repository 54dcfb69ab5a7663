// What a fake `codex` says that is no event: noise between the messages, and requests of every kind.

import { afterEach, describe, expect, it } from 'vitest';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { callsOf, failureOf, kindsOf, sumOf } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { closeFake, full, openFake } from './fake-codex.ts';
import type { FakeOptions } from './fake-codex.ts';
import { fixturePath } from './recorded.ts';

let fake: FakeAgent;
let stage: CodexStage;

async function open(options: FakeOptions = {}, settings: Record<string, unknown> = full): Promise<void> {
  ({ fake, stage } = await openFake(options, settings));
}

afterEach(closeFake);

describe('noise', () => {
  it('between the messages changes nothing', async () => {
    const lines = [
      '',
      'warning: something',
      '{"half',
      '[1,2]',
      'null',
      '{}',
      '{"id":999,"result":{}}',
      '\u2028{"a":1}',
    ];
    await open({ misbehave: [{ kind: 'noise', method: 'turn/start', afterLine: 3, lines }] });
    const session = await stage.start();
    const events = await stage.turn(session, '[[scenario:tool]] go');
    expect(sumOf(events)).toEqual(callsOf(2));
    expect(events.filter(({ kind }) => kind === 'malformed')).toHaveLength(1);
  });

  it('of 20 MB in one line is skipped', async () => {
    await open({ misbehave: [{ kind: 'huge-line', method: 'turn/start', afterLine: 3, bytes: 20_000_000 }] });
    const session = await stage.start();
    expect(sumOf(await stage.turn(session, '[[scenario:tool]] go'))).toEqual(callsOf(2));
  });
});

describe('requests of Codex', () => {
  interface Answer {
    readonly id: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: { readonly code: number };
  }

  async function answers(): Promise<Map<unknown, Answer>> {
    const [call] = await fake.calls();
    const given = (call?.messages ?? []).filter(({ method }) => method === undefined) as unknown as Answer[];
    return new Map(given.map((answer) => [answer.id, answer]));
  }

  it('are all refused in a sandbox, and none is left without an answer', async () => {
    await open({ hooks: fixturePath('approvals.mjs') }, {});
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, 'go'))).toMatchObject({ kind: 'turn_input_required' });
    const given = await answers();
    expect(given.size).toBe(14);
    for (const id of [0, 'one', 11, 12, 13]) expect(given.get(id)?.result).toEqual({ decision: 'decline' });
    expect(given.get(2)?.result).toEqual({ permissions: {}, scope: 'turn' });
    expect(given.get(4)?.result).toMatchObject({ action: 'decline' });
    expect(given.get(5)?.result).toMatchObject({ success: false });
    for (const id of [8, 9, 10]) expect(given.get(id)?.error?.code).toBe(-32601);
    expect(kindsOf(stage.events)).toContain('unsupported_tool_call');
    expect(kindsOf(stage.events)).not.toContain('approval_auto_approved');
  });

  it('for approvals are granted where the sandbox keeps nothing back, and this is said', async () => {
    await open({ hooks: fixturePath('approvals.mjs') }, full);
    const session = await stage.start();
    // A question is a question in any sandbox.
    expect(await failureOf(stage.turn(session, 'go'))).toMatchObject({ reason: 'input_required' });
    const given = await answers();
    expect(given.get(0)?.result).toEqual({ decision: 'accept' });
    expect(given.get(6)?.result).toEqual({ decision: 'approved' });
    const approved = stage.events.filter(({ kind }) => kind === 'approval_auto_approved');
    expect(approved).toHaveLength(7);
  });
});
