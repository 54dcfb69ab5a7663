// What stands in the way is said on the Now page, each with what to do.
import { describe, expect, it } from 'vitest';
import type { PauseEntry, Snapshot } from '../../src/contract/snapshot.ts';
import { NOW_MS, snapshot } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const pause = (reason: PauseEntry['reason'], over: Partial<PauseEntry> = {}): PauseEntry => ({
  reason,
  agentKind: null,
  detail: '',
  untilMs: null,
  ...over,
});

const cases: readonly (readonly [string, Partial<Snapshot>, RegExp])[] = [
  [
    'an operator’s pause',
    { dispatch: { mode: 'paused', by: 'anna', reason: 'moving house', sinceMs: NOW_MS - 300_000 } },
    /Dispatch is paused\. Nothing new is started; what runs goes on to its end\. By anna since 09:25 UTC \([56]m ago\): “moving house” Resume/,
  ],
  [
    'a drain under way',
    { dispatch: { mode: 'draining', by: 'operator', reason: '', sinceMs: NOW_MS } },
    /Draining\. 1 still runs, nothing new is started\. By operator since 09:30 UTC \((just now|\d+s ago)\)\./,
  ],
  [
    'a drain that is done',
    { running: [], drained: true, dispatch: { mode: 'draining', by: 'a', reason: '', sinceMs: NOW_MS } },
    /Drained\. Nothing runs any more, and nothing is started\. The daemon can be stopped\./,
  ],
  ['a daemon that shuts down', { mode: 'draining' }, /Shutting down\. Agents are being stopped/],
  [
    'an agent at its limit',
    { pauses: [pause('quota', { agentKind: 'codex', detail: 'plan', untilMs: NOW_MS + 7_200_000 })] },
    /codex is at its usage limit\. \(plan\) Until 11:30 UTC, in (2h 00m|1h 59m)\. It is tried again by itself/,
  ],
  [
    'an agent that refuses',
    { pauses: [pause('agent_error', { agentKind: 'codex', detail: '401' })] },
    /codex refuses to work\. \(401\) Check its credentials/,
  ],
  [
    'a budget used up',
    { pauses: [pause('budget', { untilMs: NOW_MS + 52_200_000 })] },
    /Today’s budget is used up\. Until 2026-11-23 00:00 UTC, in 14h (30|29)m\. New runs start again then/,
  ],
  [
    'an open breaker',
    { pauses: [pause('breaker', { detail: '5 in a row: response_error', untilMs: NOW_MS + 60_000 })] },
    /Many issues failed in the same way\. \(5 in a row: response_error\) Until 09:31 UTC, in [\dms ]+\. Then one run/,
  ],
  [
    'a breaker whose one run is trying',
    { pauses: [pause('breaker', { detail: '5 in a row: response_error', untilMs: NOW_MS - 90_000 })] },
    /Many issues failed in the same way\. \(5 in a row: response_error\) One run is trying, to see whether it is mended\.$/,
  ],
  [
    'a full review',
    { pauses: [pause('handoff_limit', { detail: '5 of 5 in In Review' })] },
    /Enough issues wait for review\. \(5 of 5 in In Review\) New ones start when people have reviewed some/,
  ],
  [
    'a failed preflight',
    { preflightProblems: ['claude is not on PATH'] },
    /Nothing new is started\. claude is not on PATH It is checked again before each tick/,
  ],
  [
    'a failed tick',
    { lastTick: { atMs: NOW_MS, result: 'error', error: 'tracker: 503' } },
    /The last tick failed\. tracker: 503 What runs goes on/,
  ],
];

describe('the banners', () => {
  it('say what stands in the way and what to do', async (ctx) => {
    const calm = { pauses: [] } as const;
    const { page, daemon } = await openPage(ctx, {
      arrange: (fake) => {
        fake.snapshot = snapshot(calm);
        fake.tools.proposals = [];
      },
    });
    const banners = page.locator('.banners');
    expect(await banners.innerText()).toBe('');
    for (const [name, over, expected] of cases) {
      daemon.snapshot = snapshot({ ...calm, ...over });
      daemon.change();
      await expect
        .poll(async () => (await banners.innerText()).replaceAll(/\s+/g, ' '), { message: name })
        .toMatch(expected);
    }
    daemon.snapshot = snapshot(calm);
    daemon.change();
    await expect.poll(() => banners.innerText()).toBe('');
  });

  it('tell of a refused reload and of a tracker that asked to wait', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    daemon.readiness = {
      ...daemon.readiness,
      reloadError: 'WORKFLOW.md:3:1: unclosed fence',
      throttles: [{ scope: 'search', untilMs: NOW_MS + 120_000, reason: '429' }],
    };
    daemon.change();
    await page.getByText('WORKFLOW.md:3:1: unclosed fence').waitFor();
    await page.getByText('The last good settings stay in force').waitFor();
    await page.getByText('search: 429').waitFor();
    await page.getByText('It is asked again at 09:32 UTC').waitFor();
  });
});
