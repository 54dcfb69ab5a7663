// What the readiness probe is told.

import { expect, it } from 'vitest';
import type { Readiness } from '../../src/contract/index.ts';
import { createHealth, type HealthParts } from '../../src/daemon/health.ts';
import { aCore } from '../core/driver.ts';
import { HandClock, settled } from './hand-clock.ts';

const tick = {
  kind: 'tick_completed',
  result: 'success',
  durationMs: 1,
  candidates: 0,
  dispatched: 0,
  nothingEligible: true,
  throttled: false,
  error: '',
} as const;

function aHealth(change: Partial<HealthParts> = {}) {
  const clock = new HandClock();
  const core = aCore();
  const health = createHealth({
    version: '1.2.3',
    clock,
    store: { ping: () => Promise.resolve() },
    snapshot: () => core.snapshot(),
    storeFailing: () => false,
    reloadError: () => '',
    readAtMs: () => ({ loaded: 0, failed: null }),
    throttles: () => [],
    ...change,
  });
  return { health, clock, core };
}

const checks = ({ checks: { database, preflight, workflow } }: Readiness) =>
  `${database} ${preflight} ${workflow}`;

it('passes, with version and uptime', () => {
  const { health, clock } = aHealth();
  clock.pass(1_500);
  expect(health.readiness()).toMatchObject({
    draining: false,
    version: '1.2.3',
    uptimeSeconds: 1.5,
    reloadError: '',
  });
  expect(checks(health.readiness())).toBe('pass pass pass');
});

it('is not ready before recovery has finished: nothing can be dispatched yet', () => {
  expect(checks(aHealth({ snapshot: () => null }).health.readiness())).toBe('pass fail pass');
});

it('fails when the database does not answer, until it does again', async () => {
  let broken = true;
  const ping = () => (broken ? Promise.reject(new Error('locked')) : Promise.resolve());
  const { health } = aHealth({ store: { ping } });
  health.take({ kind: 'preflight_recovered' });
  await settled();
  expect(checks(health.readiness())).toBe('pass pass pass');
  health.take(tick);
  await settled();
  expect(checks(health.readiness())).toBe('fail pass pass');
  broken = false;
  health.take(tick);
  await settled();
  expect(checks(health.readiness())).toBe('pass pass pass');
});

it('fails while a write waits', () => {
  expect(checks(aHealth({ storeFailing: () => true }).health.readiness())).toBe('fail pass pass');
});

it('fails with the preflight', () => {
  const { health, core } = aHealth();
  core.fire('tick');
  core.preflight(['no agent']);
  expect(checks(health.readiness())).toBe('pass fail pass');
});

it('warns of a bad reload', () => {
  const { health } = aHealth({ reloadError: () => 'WORKFLOW.md:3: bad' });
  expect(checks(health.readiness())).toBe('pass pass warn');
  expect(health.readiness().reloadError).toBe('WORKFLOW.md:3: bad');
});

it('knows that it drains', () => {
  const { health, core } = aHealth();
  core.shutdown();
  expect(health.readiness().draining).toBe(true);
});

it('says when WORKFLOW.md was read, and refused', () => {
  const { health } = aHealth({ readAtMs: () => ({ loaded: 5, failed: 7 }) });
  expect(health.readiness()).toMatchObject({ workflowLoadedAtMs: 5, reloadFailedAtMs: 7 });
});

it('remembers what the tracker last refused, and when', () => {
  const { health, clock } = aHealth();
  expect(health.readiness().trackerError).toBeNull();
  health.take({ kind: 'fetch_failed', what: 'fetch_candidates', message: 'tracker: 502' });
  const atMs = clock.nowMs();
  clock.pass(60_000);
  health.take(tick);
  expect(health.readiness().trackerError).toEqual({ atMs, message: 'tracker: 502' });
});

it('holds the store’s failures, and a full house, not against the tracker', () => {
  const { health } = aHealth();
  const about = { issueId: '1', issueIdentifier: 'X-1', runId: null, sessionId: null, attempt: 0 };
  health.take({ ...about, kind: 'handoff_failed', message: 'disk full' });
  health.take({ ...about, kind: 'dispatch_failed', message: 'the run was not accepted: busy' });
  expect(health.readiness().trackerError).toBeNull();
  health.take({
    ...about,
    kind: 'dispatch_failed',
    message: 'tracker: tracker_api_error: GET /issue/1: 500',
  });
  expect(health.readiness().trackerError?.message).toContain('500');
});
