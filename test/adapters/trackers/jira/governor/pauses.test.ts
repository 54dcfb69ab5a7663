// How long what waits: reasons and their scopes, floor, jitter, growth and cap; told once at each end.
import { expect, it } from 'vitest';
import { Governor, type Job } from '../../../../../adapters/trackers/jira/governor/governor.ts';
import { NotSent } from '../../../../../adapters/trackers/jira/governor/not-sent.ts';
import { FakeClock, settled } from '../fake-clock.ts';

const never = new AbortController().signal;
const route = 'GET /rest/api/3/search/jql';
const other = 'GET /rest/api/3/issue/{id}';

function world(random = 0) {
  const clock = new FakeClock();
  const told: [string, Readonly<Record<string, unknown>>][] = [];
  const governor = new Governor({
    clock,
    random: () => random,
    warn: (message, fields) => void told.push([message, fields]),
  });
  const passes = async (job: Partial<Job>): Promise<boolean> => {
    const controller = new AbortController();
    let sent = false;
    const running = governor.run({ access: 'read', route, ...job, signal: controller.signal }, async () => {
      sent = true;
    });
    await settled();
    controller.abort(new Error('only asked'));
    await running.catch(() => undefined);
    return sent;
  };
  return { clock, told, governor, passes };
}

it.each([
  ['jira-quota-global-based', 'all', [false, false, false, false]],
  ['jira-quota-tenant-based', 'all', [false, false, false, false]],
  ['jira-burst-based', route, [false, true, true, true]],
  ['jira-per-issue-on-write', 'issue 1', [true, true, false, true]],
  ['something-new', 'all', [false, false, false, false]],
  ['', 'all', [false, false, false, false]],
] as const)('holds back for %j only %s', async (reason, scope, expected) => {
  const { governor, passes } = world();
  governor.slowDown({ route, issueId: '1', reason, retryAfterMs: 3_000 });
  const throttles = governor.throttles();
  expect(throttles).toEqual([
    { scope, reason: reason === '' ? 'retry-after' : reason, untilMs: Date.UTC(2026, 10, 5, 12) + 3_000 },
  ]);
  expect([
    await passes({}),
    await passes({ route: other }),
    await passes({ access: 'write', route: 'PUT /x', issueId: '1' }),
    await passes({ access: 'write', route: 'PUT /x', issueId: '2' }),
  ]).toEqual(expected);
});

it('adds jitter above what was asked, never below', () => {
  expect(world(0).governor.slowDown({ route, reason: '', retryAfterMs: 4_000 })).toBe(4_000);
  expect(world(0.999).governor.slowDown({ route, reason: '', retryAfterMs: 4_000 })).toBeCloseTo(4_999, 0);
  expect(world(0.999).governor.slowDown({ route, reason: '', retryAfterMs: 600_000 })).toBeLessThan(605_000);
});

it('waits an hour at most, and a second at least', () => {
  expect(world().governor.slowDown({ route, reason: '', retryAfterMs: 1e12 })).toBe(3_600_000);
  expect(world().governor.slowDown({ route, reason: '', retryAfterMs: 10 })).toBe(1_000);
  expect(world().governor.slowDown({ route, reason: '', retryAfterMs: 0 })).toBe(1_000);
});

it('waits longer each time while Jira does not say how long, and forgets that after a quiet minute', async () => {
  const { governor, clock } = world();
  const waits: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    const waitMs = governor.slowDown({ route, reason: '', retryAfterMs: null });
    waits.push(waitMs);
    await clock.pass(waitMs);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  await clock.pass(60_000);
  expect(governor.slowDown({ route, reason: '', retryAfterMs: null })).toBe(1_000);
});

it('takes the refusals of what was under way together for one', () => {
  const { governor, told } = world();
  for (let index = 0; index < 8; index += 1) governor.slowDown({ route, reason: '', retryAfterMs: null });
  expect(governor.throttles()).toHaveLength(1);
  expect(governor.slowDown({ route, reason: '', retryAfterMs: null })).toBe(1_000);
  expect(told).toHaveLength(1);
});

it('never shortens a pause', () => {
  const { governor } = world();
  governor.slowDown({ route, reason: '', retryAfterMs: 60_000 });
  expect(governor.slowDown({ route, reason: '', retryAfterMs: 1_000 })).toBe(60_000);
});

it('tells once that a pause begins and once that it is over, and keeps no process alive for that', async () => {
  const { governor, clock, told } = world();
  governor.slowDown({ route, reason: 'jira-burst-based', retryAfterMs: 2_000 });
  governor.slowDown({ route, reason: 'jira-burst-based', retryAfterMs: 3_000 });
  expect(clock.waiting).toBe(0);
  await clock.pass(10_000);
  expect(told).toEqual([
    [
      'jira asks for fewer requests',
      { scope: route, reason: 'jira-burst-based', wait_ms: 2_000, until: '2026-11-05T12:00:02.000Z' },
    ],
    ['jira takes requests again', { scope: route, reason: 'jira-burst-based' }],
  ]);
  expect(governor.throttles()).toEqual([]);
});

it('speaks through the newest adapter', async () => {
  const { governor, clock, told } = world();
  governor.slowDown({ route, reason: '', retryAfterMs: 2_000 });
  const later: string[] = [];
  governor.speakThrough((message) => void later.push(message));
  await clock.pass(5_000);
  expect(told).toHaveLength(1);
  expect(later).toEqual(['jira takes requests again']);
});

it('sits out a short pause, and refuses at once to sit out a long one', async () => {
  const { governor, clock } = world();
  governor.slowDown({ route, reason: '', retryAfterMs: 5_000 });
  let sentAtMs = -1;
  const running = governor.run({ access: 'read', route, signal: never }, async () => {
    sentAtMs = clock.nowMs;
  });
  await clock.pass(4_999);
  expect(sentAtMs).toBe(-1);
  await clock.pass(1);
  await running;
  expect(sentAtMs).toBe(5_000);
  governor.slowDown({ route, reason: '', retryAfterMs: 5_001 });
  const refused = governor.run({ access: 'read', route, signal: never }, async () => undefined);
  await expect(refused).rejects.toThrow(NotSent);
});

it('refuses those who wait already when the pause grows long', async () => {
  const { governor } = world();
  governor.slowDown({ route, reason: '', retryAfterMs: 2_000 });
  const refused = expect(
    governor.run({ access: 'read', route, signal: never }, async () => 1),
  ).rejects.toMatchObject({
    retryAfterMs: 90_000,
  });
  governor.slowDown({ route, reason: 'jira-quota-tenant-based', retryAfterMs: 90_000 });
  await refused;
});
