// What becomes of a message that is not taken: tried again with the same id, for a day, or given up at once.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTryMs, retryAfterOf } from '../../src/notifications/next-try.ts';
import { receiver, slack, stage, status, until, webhook } from './stage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a message that is not taken', () => {
  it('is tried again with backoff and the same id, until it is taken', async () => {
    const answers = [500, 301, 429, 200];
    const there = await receiver((response) =>
      status(answers[there.received.length - 1] ?? 200)(response, there.received[0]!),
    );
    const { clock, queue, tell, counted, log } = stage([webhook('ops', there.origin, 's3cret')]);
    const { id } = tell('ops');
    for (const [index, waitMs] of [10_000, 20_000, 40_000].entries()) {
      await until(() => queue.waiting[0]?.failures === index + 1);
      expect((queue.waiting[0]?.dueAtMs ?? 0) - clock.nowMs()).toBe(waitMs);
      await until(() => clock.armed === 1);
      clock.pass(waitMs - 1);
      expect(there.received).toHaveLength(index + 1);
      clock.pass(1);
    }
    await until(() => queue.deliveredIds.length === 1);
    expect(there.received.map(({ headers }) => headers['x-sortie-delivery'])).toEqual(Array(4).fill(id));
    expect(new Set(there.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(there.received.map(({ headers }) => headers['x-sortie-signature'])).size).toBe(4);
    expect(counted).toEqual([
      ...Array<string>(3).fill('countNotification webhook error'),
      'countNotification webhook success',
    ]);
    const told = log.lines.filter(({ level }) => level === 'warn');
    expect(told).toMatchObject([
      { fields: { destination: 'ops', event: 'run_finished', error: 'answered 500' } },
    ]);
  });

  it('waits as long as the receiver asks', async () => {
    const there = await receiver(status(503, { 'retry-after': '120' }));
    const { clock, queue, tell } = stage([webhook('ops', there.origin)]);
    tell('ops');
    await until(() => queue.waiting[0]?.failures === 1);
    expect((queue.waiting[0]?.dueAtMs ?? 0) - clock.nowMs()).toBe(120_000);
  });

  it.each([400, 401, 404, 410, 451])('is given up at once after %i', async (code) => {
    const there = await receiver(status(code, {}, 'channel_not_found\n<b>'));
    const { queue, tell, counted, log } = stage([slack('chat', `${there.origin}/services/T000/B0001234`)]);
    const { id } = tell('chat');
    await until(() => queue.givenUp.length === 1);
    expect(queue.givenUp).toEqual([{ id, error: `answered ${code}: channel_not_found <b>` }]);
    expect(counted).toEqual(['countNotification slack given_up']);
    expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error notification given up',
    ]);
  });

  it.each([408, 425, 429, 302])('is not given up after %i', async (code) => {
    const elsewhere = await receiver();
    const there = await receiver(status(code, { location: elsewhere.origin }));
    const { queue, tell } = stage([webhook('ops', there.origin)]);
    tell('ops');
    await until(() => queue.waiting[0]?.failures === 1);
    expect(queue.waiting[0]?.lastError).toContain(`answered ${code}`);
    expect(elsewhere.received).toEqual([]);
  });

  it('is given up after a day, with one last try at its end', async () => {
    const there = await receiver(status(500));
    const { clock, queue, tell, log } = stage([webhook('ops', there.origin)]);
    const { atMs } = tell('ops');
    for (let failures = 1; queue.givenUp.length === 0; failures += 1) {
      await until(() => queue.waiting[0]?.failures === failures || queue.givenUp.length === 1);
      await until(() => clock.armed === 1 || queue.givenUp.length === 1);
      clock.pass(Math.max(0, (queue.waiting[0]?.dueAtMs ?? 0) - clock.nowMs()));
    }
    expect(clock.nowMs() - atMs).toBeGreaterThan(DAY - HOUR);
    expect(clock.nowMs() - atMs).toBeLessThanOrEqual(DAY);
    expect(there.received.length).toBeGreaterThan(25);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('that waited for longer than a day while nobody ran is tried once', async () => {
    const there = await receiver(status(500));
    const { clock, queue, tell } = stage([webhook('ops', there.origin)]);
    tell('ops', { atMs: clock.nowMs() - 2 * DAY });
    await until(() => queue.givenUp.length === 1);
    expect(there.received).toHaveLength(1);
  });
});

describe('the next try', () => {
  it('is never before it is due, never after the day, and there is an end', () => {
    const header = fc.option(fc.nat(10 * DAY), { nil: null });
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: -DAY, max: 2 * DAY }),
        header,
        (failures, ageMs, retryAfterMs) => {
          const nowMs = 1_800_000_000_000;
          const atMs = nowMs - ageMs;
          const next = nextTryMs({ atMs, failures, nowMs, retryAfterMs });
          if (failures >= 39 || ageMs >= DAY) expect(next).toBeNull();
          if (next === null) return;
          expect(next - nowMs).toBeGreaterThanOrEqual(Math.min(10_000 * 2 ** failures, HOUR));
          expect(next - atMs).toBeLessThanOrEqual(DAY);
          if (retryAfterMs !== null && nowMs + retryAfterMs <= atMs + DAY) {
            expect(next).toBeGreaterThanOrEqual(nowMs + retryAfterMs);
          }
        },
      ),
    );
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 22 Nov 2026 00:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 00:00:00 GMT', 0],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['1e9', null],
    ['2026-11-22', null],
    ['', null],
    [undefined, null],
  ])('takes Retry-After: %s for %s', (header, ms) => {
    expect(retryAfterOf(header, Date.UTC(2026, 10, 22))).toBe(ms);
  });
});
