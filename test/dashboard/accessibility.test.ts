// No page of the frame has anything that axe finds wrong, in either theme, on a desk and on a phone.
import { describe, expect, it } from 'vitest';
import { NOW_MS, running, snapshot, waiting } from '../http/fake-daemon.ts';
import { axeFindings } from './axe.ts';
import { openPage, type OpenOptions } from './browser-page.ts';

const busy: NonNullable<OpenOptions['arrange']> = (daemon) => {
  const base = snapshot();
  daemon.snapshot = snapshot({
    running: Array.from({ length: 130 }, (_, index) =>
      running({ issueId: `${index}`, runId: `${index}`, issueIdentifier: `SHOP-${index}` }),
    ),
    parked: (['blocked', 'held', 'quota', 'agent_error'] as const).flatMap((reason, index) =>
      base.parked.map((entry) => ({ ...entry, issueId: `p${index}`, issueIdentifier: `P-${index}`, reason })),
    ),
    waiting: (['eligible', 'blocked_by', 'breaker_open', 'missing_label', 'checking'] as const).map(
      (verdict) => waiting({ issueId: verdict, issueIdentifier: verdict, verdict }),
    ),
    dispatch: { mode: 'paused', by: 'anna', reason: 'moving house', sinceMs: NOW_MS },
    preflightProblems: ['claude is not on PATH'],
    budget: { maxTokensPerDay: 240_000, maxUsdPerDay: 3 },
  });
  daemon.readiness = {
    ...daemon.readiness,
    reloadError: 'WORKFLOW.md:3:1: unclosed fence',
    checks: { database: 'fail', preflight: 'warn', workflow: 'warn' },
    throttles: [{ scope: 'search', untilMs: NOW_MS + 120_000, reason: '429' }],
  };
};
const idle: NonNullable<OpenOptions['arrange']> = (daemon) => {
  const empty = {
    running: [],
    retrying: [],
    parked: [],
    waiting: [],
    waitingTotal: 0,
    pauses: [],
    rateLimits: [],
  };
  daemon.snapshot = snapshot(empty);
  daemon.actions = [];
};

const pages: readonly (readonly [string, OpenOptions])[] = [
  ['Now', {}],
  ['a busy Now', { arrange: busy }],
  ['an idle Now', { arrange: idle }],
  ['Health', { path: '/health' }],
  ['a sick Health', { path: '/health', arrange: busy }],
  ['an idle Health', { path: '/health', arrange: idle }],
  ['the sign-in', { path: '/login', ready: 'form' }],
];

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s, axe finds nothing wrong', (_theme, look) => {
  for (const [name, options] of pages) {
    it(`with ${name}`, async (ctx) => {
      const { page } = await openPage(ctx, { ...options, ...look });
      if (options.path === '/health') await page.getByText('tracker.kind').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  }

  it('with a question, a refusal, a toast, the keys and a lost connection', async (ctx) => {
    const { page, server, daemon } = await openPage(ctx, look);
    await page.getByRole('button', { name: 'Cancel SHOP-42' }).click();
    daemon.controlAnswer = { kind: 'refused', code: 'invalid_state', message: 'not now' };
    await page.getByLabel('Reason').press('Enter');
    await page.getByText('not now').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    daemon.controlAnswer = { kind: 'accepted', message: 'done' };
    await page.getByLabel('Reason').press('Enter');
    await page.locator('.toast').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('main').press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await server.close();
    await page.getByText('Connection lost since').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
