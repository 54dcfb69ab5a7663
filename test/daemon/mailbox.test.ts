// One event at a time, in order, however many come; and nothing more once the core has broken.

import { describe, expect, it } from 'vitest';
import type { Effect, Event } from '../../src/contract/index.ts';
import { createState } from '../../src/core/create-state.ts';
import { createMailbox, type MailboxParts } from '../../src/daemon/mailbox.ts';
import { settings } from '../core/issues.ts';
import { HandClock, settled } from './hand-clock.ts';

function aMailbox(parts: Partial<MailboxParts> = {}) {
  const clock = new HandClock();
  let uuids = 0;
  return createMailbox({
    state: createState(settings()),
    clock,
    newUuid: () => `uuid-${(uuids += 1)}`,
    step: () => [],
    perform: () => null,
    onBroken: (error) => {
      throw error;
    },
    ...parts,
  });
}

const touched = (effectId: number) => ({ kind: 'effect_done', effectId }) as const;

describe('the mailbox', () => {
  it('stamps each event with both clocks and a fresh uuid', () => {
    const events: Event[] = [];
    const mailbox = aMailbox({ step: (_state, event) => (events.push(event), []) });
    mailbox.post(touched(1));
    mailbox.post(touched(2));
    expect(events).toMatchObject([
      { kind: 'effect_done', effectId: 1, atMs: 1_800_000_000_000, monotonicMs: 0, uuid: 'uuid-1' },
      { effectId: 2, uuid: 'uuid-2' },
    ]);
  });

  it('carries the effects of one step out before it takes the next event', async () => {
    const log: string[] = [];
    const mailbox = aMailbox({
      step: (_state, event) => {
        log.push(`step ${'effectId' in event ? event.effectId : ''}`);
        return [];
      },
      perform: async () => {
        log.push('begin');
        await settled();
        log.push('end');
      },
    });
    mailbox.post(touched(1));
    mailbox.post(touched(2));
    expect(mailbox.waiting).toBe(1);
    await settled();
    await settled();
    await settled();
    expect(log).toEqual(['step 1', 'begin', 'end', 'step 2', 'begin', 'end']);
  });

  it('takes what a step itself posts after it, never inside it', () => {
    const log: string[] = [];
    const mailbox = aMailbox({
      step: (_state, event) => {
        const id = 'effectId' in event ? event.effectId : 0;
        log.push(`in ${id}`);
        if (id < 3) mailbox.post(touched(id + 1));
        log.push(`out ${id}`);
        return [];
      },
    });
    mailbox.post(touched(1));
    expect(log).toEqual(['in 1', 'out 1', 'in 2', 'out 2', 'in 3', 'out 3']);
  });

  it('keeps the order of tens of thousands', async () => {
    const seen: number[] = [];
    const mailbox = aMailbox({
      step: (_state, event) => {
        if ('effectId' in event) seen.push(event.effectId);
        return [];
      },
      perform: () => (seen.length % 1_000 === 1 ? Promise.resolve() : null),
    });
    const count = 20_000;
    for (let index = 0; index < count; index += 1) mailbox.post(touched(index));
    for (let turn = 0; turn < 20 && mailbox.waiting > 0; turn += 1) await settled();
    expect(mailbox.waiting).toBe(0);
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('shows every step to those who watch', () => {
    const steps: [string, number][] = [];
    const tell: Effect = { id: 1, kind: 'finish' };
    const mailbox = aMailbox({
      step: () => [tell],
      onStep: (event, effects) => steps.push([event.kind, effects.length]),
    });
    mailbox.post({ kind: 'refresh_requested' });
    expect(steps).toEqual([['refresh_requested', 1]]);
  });

  it.each([
    [
      'step throws',
      {
        step: () => {
          throw new Error('bug');
        },
      },
    ],
    [
      'an effect throws',
      {
        perform: () => {
          throw new Error('bug');
        },
      },
    ],
    ['an effect rejects', { perform: () => Promise.reject(new Error('bug')) }],
  ] satisfies [string, Partial<MailboxParts>][])('takes nothing any more once %s', async (_what, parts) => {
    const broken: string[] = [];
    let steps = 0;
    const mailbox = aMailbox({
      step: () => ((steps += 1), []),
      ...parts,
      onBroken: (error, event) => broken.push(`${event.kind}: ${(error as Error).message}`),
    });
    mailbox.post(touched(1));
    mailbox.post(touched(2));
    await settled();
    mailbox.post(touched(3));
    await settled();
    expect(broken).toEqual(['effect_done: bug']);
    expect(steps).toBeLessThanOrEqual(1);
  });
});
