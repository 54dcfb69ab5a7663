// Who goes when: never too many at once, writes before reads, the writes of one issue in order, nothing lost, nothing
// sent twice, nothing before its time. One property over random traffic with pauses and aborts, then single cases.
import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Governor, type Job } from '../../../../../adapters/trackers/jira/governor/governor.ts';
import { NotSent } from '../../../../../adapters/trackers/jira/governor/not-sent.ts';
import { FakeClock, settled } from '../fake-clock.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);
const read: Job = { access: 'read', route: 'GET /search', signal: never };

interface Planned {
  readonly atMs: number;
  readonly access: 'read' | 'write';
  readonly route: string;
  readonly issueId: string | undefined;
  readonly takesMs: number;
  readonly abortAtMs: number | null;
  readonly slowDown: { reason: string; retryAfterMs: number | null } | null;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  atMs: fc.nat(3_000),
  access: fc.constantFrom('read', 'write'),
  route: fc.constantFrom('GET /a', 'PUT /b'),
  issueId: fc.constantFrom('1', '2', undefined),
  takesMs: fc.nat(400),
  abortAtMs: fc.option(fc.nat(4_000), { freq: 4 }),
  slowDown: fc.option(
    fc.record({
      reason: fc.constantFrom('', 'jira-quota-tenant-based', 'jira-burst-based', 'jira-per-issue-on-write'),
      retryAfterMs: fc.constantFrom(null, 0, 500, 2_000, 4_000, 60_000),
    }),
    { freq: 6 },
  ),
});

const scopeOf = ({ route, issueId }: Planned, reason: string): string => {
  if (reason === 'jira-burst-based') return route;
  if (reason !== 'jira-per-issue-on-write') return 'all';
  return issueId === undefined ? route : `issue ${issueId}`;
};

it('keeps all its promises under any traffic', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(planned, { maxLength: 60 }), fc.nat(99), async (jobs, luck) => {
      const clock = new FakeClock();
      const governor = new Governor({ clock, random: () => luck / 100, readsAtOnce: 3, requestsAtOnce: 4 });
      const underWay = new Set<number>();
      const sent = new Map<number, number>();
      const ended = new Map<number, string>();
      /** As the governor was told: nothing of a scope before this. */
      const notBefore = new Map<string, number>();
      const waiting = new Set<number>();

      const begin = (job: Planned, index: number): void => {
        const controller = new AbortController();
        const { access, route, issueId } = job;
        waiting.add(index);
        const send = async (): Promise<void> => {
          waiting.delete(index);
          sent.set(index, (sent.get(index) ?? 0) + 1);
          underWay.add(index);
          const now = [...underWay].map((one) => jobs[one]);
          expect(now.length).toBeLessThanOrEqual(4);
          expect(now.filter((one) => one?.access === 'read').length).toBeLessThanOrEqual(3);
          const writes = now.filter((one) => one?.access === 'write' && one.issueId !== undefined);
          expect(new Set(writes.map((one) => one?.issueId)).size).toBe(writes.length);
          const scopes = ['all', route, ...(access === 'write' ? [`issue ${issueId ?? ''}`] : [])];
          for (const scope of scopes) expect(clock.nowMs).toBeGreaterThanOrEqual(notBefore.get(scope) ?? 0);
          await new Promise<void>((resolve) => void clock.after(job.takesMs, resolve));
          underWay.delete(index);
          if (job.slowDown === null) return;
          const waitMs = governor.slowDown({ route, issueId, ...job.slowDown });
          expect(waitMs).toBeGreaterThanOrEqual(1_000);
          const scope = scopeOf(job, job.slowDown.reason);
          notBefore.set(scope, Math.max(notBefore.get(scope) ?? 0, clock.nowMs + waitMs));
        };
        const running = governor.run({ access, route, issueId, signal: controller.signal }, send);
        running.then(
          () => ended.set(index, 'done'),
          (error: unknown) => {
            waiting.delete(index);
            ended.set(
              index,
              error instanceof NotSent ? 'not sent' : controller.signal.aborted ? 'aborted' : 'broken',
            );
          },
        );
        if (job.abortAtMs !== null) {
          clock.after(Math.max(0, job.abortAtMs - clock.nowMs), () => {
            controller.abort(new Error('no longer wanted'));
          });
        }
      };
      jobs.forEach(
        (job, index) =>
          void clock.after(job.atMs, () => {
            begin(job, index);
          }),
      );
      await clock.pass(200_000);

      expect(ended.size).toBe(jobs.length);
      expect([...ended.values()]).not.toContain('broken');
      for (const [index, outcome] of ended) {
        // What was refused or taken back in the queue was never sent; the rest exactly once.
        if (outcome === 'not sent') expect(sent.get(index)).toBeUndefined();
        if (outcome === 'done') expect(sent.get(index)).toBe(1);
        expect(sent.get(index) ?? 0).toBeLessThanOrEqual(1);
      }
      expect(waiting.size).toBe(0);
      expect(clock.waiting).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** Holds every place until it is told to let one go. */
function holder(): { send: () => Promise<void>; letGo: () => void } {
  const open: (() => void)[] = [];
  return {
    send: () => new Promise<void>((resolve) => void open.push(resolve)),
    letGo: () => open.shift()?.(),
  };
}

it('lets waiting writes out before waiting reads, and each in the order of its coming', async () => {
  const governor = new Governor({ readsAtOnce: 1, requestsAtOnce: 1 });
  const { send, letGo } = holder();
  const order: string[] = [];
  const ask = (name: string, job: Job): Promise<void> => governor.run(job, () => (order.push(name), send()));
  const all = [
    ask('first', read),
    ask('read 1', read),
    ask('read 2', read),
    ask('write 1', { ...read, access: 'write' }),
    ask('write 2', { ...read, access: 'write' }),
  ];
  for (let index = 0; index < all.length; index += 1) {
    await settled();
    letGo();
  }
  await Promise.all(all);
  expect(order).toEqual(['first', 'write 1', 'write 2', 'read 1', 'read 2']);
});

it('keeps places for writes that reads cannot take', async () => {
  const governor = new Governor();
  const { send, letGo } = holder();
  let writes = 0;
  const reads = Array.from({ length: 30 }, () => governor.run(read, send));
  const write = governor.run({ ...read, access: 'write' }, async () => {
    writes += 1;
  });
  await write;
  expect(writes).toBe(1);
  for (let index = 0; index < 30; index += 1) {
    letGo();
    await settled();
  }
  await Promise.all(reads);
});

it('keeps the writes of an issue in order, also when the first one waits for its endpoint', async () => {
  const clock = new FakeClock();
  const governor = new Governor({ clock, random: () => 0 });
  governor.slowDown({ route: 'POST /comment', reason: 'jira-burst-based', retryAfterMs: 2_000 });
  const order: string[] = [];
  const write = (name: string, route: string, issueId: string): Promise<unknown> =>
    governor.run({ access: 'write', route, issueId, signal: never }, async () => order.push(name));
  const all = [
    write('a', 'POST /comment', '1'),
    write('b', 'PUT /issue', '1'),
    write('c', 'PUT /issue', '2'),
  ];
  await settled();
  expect(order).toEqual(['c']);
  await clock.pass(1_999);
  expect(order).toEqual(['c']);
  await clock.pass(1);
  await Promise.all(all);
  expect(order).toEqual(['c', 'a', 'b']);
});

it('goes on after a request that failed', async () => {
  const governor = new Governor({ readsAtOnce: 1, requestsAtOnce: 1 });
  const failed = governor.run(read, () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  expect(await governor.run(read, async () => 7)).toBe(7);
});

it('never starts what is aborted already, and lets go of what is aborted in the queue', async () => {
  const governor = new Governor({ readsAtOnce: 1, requestsAtOnce: 1 });
  const { send, letGo } = holder();
  const controller = new AbortController();
  const first = governor.run(read, send);
  let started = 0;
  const count = async (): Promise<void> => {
    started += 1;
  };
  const second = governor.run({ ...read, signal: controller.signal }, count);
  const reason = new Error('no longer wanted');
  const ended = expect(second).rejects.toBe(reason);
  controller.abort(reason);
  await ended;
  await expect(governor.run({ ...read, signal: controller.signal }, count)).rejects.toBe(reason);
  letGo();
  await first;
  expect(started).toBe(0);
});

it('refuses more than it can remember', async () => {
  const governor = new Governor({ readsAtOnce: 1, requestsAtOnce: 1, queueLimit: 2 });
  const { send, letGo } = holder();
  const kept = [governor.run(read, send), governor.run(read, send), governor.run(read, send)];
  await expect(governor.run(read, send)).rejects.toThrow(NotSent);
  for (let index = 0; index < 3; index += 1) {
    letGo();
    await settled();
  }
  await Promise.all(kept);
});
