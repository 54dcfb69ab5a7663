// Durable writes keep their order, also through a time in which nothing can be written.

import { describe, expect, it } from 'vitest';
import type { StoreWrite } from '../../src/contract/index.ts';
import { BACKLOG_WARNING, createSaves } from '../../src/daemon/saves.ts';
import { HandClock, settled } from './hand-clock.ts';

const write = (issueId: string): StoreWrite[] => [{ kind: 'delete_retry', issueId }];

function aStore() {
  const clock = new HandClock();
  const applied: string[] = [];
  const said: string[] = [];
  const store = {
    full: false,
    apply: async (writes: readonly StoreWrite[]) => {
      await Promise.resolve();
      if (store.full) throw new Error('disk full');
      applied.push(...writes.map((one) => ('issueId' in one ? one.issueId : one.kind)));
    },
  };
  const saves = createSaves({
    store,
    clock,
    onRecovered: () => said.push('recovered'),
    onBacklog: (length) => said.push(`backlog ${length}`),
  });
  return { clock, store, saves, applied, said };
}

describe('saves', () => {
  it('answer null when durable', async () => {
    const { saves, applied, clock } = aStore();
    expect(await saves.save(write('1'))).toBeNull();
    expect(applied).toEqual(['1']);
    expect(clock.armed).toBe(0);
  });

  it('answer why not, keep the write, and try again before anything newer', async () => {
    const { store, saves, applied, said, clock } = aStore();
    store.full = true;
    expect(await saves.save(write('1'))).toBe('disk full');
    store.full = false;
    expect(await saves.save(write('2'))).toBe('an earlier write has not gone through yet');
    expect(applied).toEqual([]);
    clock.pass(5_000);
    await settled();
    expect(applied).toEqual(['1', '2']);
    expect(said).toEqual(['recovered']);
    expect(await saves.save(write('3'))).toBeNull();
    expect(applied).toEqual(['1', '2', '3']);
  });

  it('go on trying, and say once that it works again', async () => {
    const { store, saves, applied, said, clock } = aStore();
    store.full = true;
    await saves.save(write('1'));
    for (let times = 0; times < 4; times += 1) {
      clock.pass(5_000);
      await settled();
    }
    expect(said).toEqual([]);
    expect(clock.armed).toBe(1);
    store.full = false;
    clock.pass(5_000);
    await settled();
    expect(applied).toEqual(['1']);
    expect(said).toEqual(['recovered']);
    expect(clock.armed).toBe(0);
  });

  it('tell of a long backlog, and drop nothing of it', async () => {
    const { store, saves, applied, said } = aStore();
    store.full = true;
    for (let times = 0; times < BACKLOG_WARNING; times += 1) await saves.save(write(`${times}`));
    expect(said).toEqual([`backlog ${BACKLOG_WARNING}`]);
    store.full = false;
    expect(await saves.flush()).toBeNull();
    expect(applied).toHaveLength(BACKLOG_WARNING);
  });

  it('apply nothing twice when a flush comes during another', async () => {
    const { store, saves, applied } = aStore();
    store.full = true;
    await saves.save(write('1'));
    store.full = false;
    await Promise.all([saves.flush(), saves.flush()]);
    expect(applied).toEqual(['1']);
  });

  it('tell at the end what could not be written, and leave no timer', async () => {
    const { store, saves, clock } = aStore();
    store.full = true;
    await saves.save(write('1'));
    expect(await saves.flush()).toBe('disk full');
    saves.close();
    expect(clock.armed).toBe(0);
  });
});
