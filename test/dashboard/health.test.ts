// The Health page: whether the daemon is well, the settings in force and their places, and what operators said.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the Health page', () => {
  it('shows the checks, the workflow file and the tracker as the daemon tells them', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      path: '/health',
      arrange: (daemon) => {
        daemon.readiness = {
          ...daemon.readiness,
          uptimeSeconds: 7_512.5,
          checks: { database: 'pass', preflight: 'fail', workflow: 'warn' },
          reloadError: 'WORKFLOW.md:3:1: unclosed fence',
          reloadFailedAtMs: daemon.readiness.workflowLoadedAtMs,
        };
      },
    });
    const daemonCard = page.getByRole('region', { name: 'Daemon' });
    await daemonCard.getByText('Not ready').waitFor();
    expect(flat(await daemonCard.innerText())).toMatch(
      /Facts can be written Pass Runs can be started Fail WORKFLOW\.md is in force Warn Version 0\.1\.0 Up for 2h 05m/,
    );
    const file = page.getByRole('region', { name: 'Workflow file' });
    await file.getByText('unclosed fence').waitFor();
    expect(flat(await file.innerText())).toMatch(
      /\/srv\/shop\/WORKFLOW\.md Last read well at 08:06 UTC \(1h 2\dm ago\)\. Refused at 08:06 UTC/,
    );
    expect(flat(await page.getByRole('region', { name: 'Tracker' }).innerText())).toMatch(
      /Answers.*Last looked at (\d+s|1m) ago.*Last failed call, [12]m ago: tracker: tracker_rate_limited/,
    );
    for (const name of ['Metrics', 'OpenAPI']) await page.getByRole('link', { name }).waitFor();
    // The browser itself notes that a probe said 503.
    expect(complaints.filter((line) => !line.includes('503'))).toEqual([]);
  });

  it('finds a setting by its key, its value or its place, and leaves out the defaults', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health' });
    const table = page.getByRole('table', { name: 'Settings in force' });
    const keys = () => table.getByRole('rowheader').allTextContents();
    await expect.poll(keys).toEqual(daemon.settings.effective.map(({ key }) => key));
    expect(flat(await table.getByRole('row').filter({ hasText: 'tracker.api_key' }).innerText())).toMatch(
      /\*\*\* Environment SORTIE_TRACKER_API_KEY/,
    );
    const filter = page.getByRole('searchbox', { name: 'Filter the settings' });
    await filter.fill('workflow.md:6');
    expect(await keys()).toEqual(['tracker.active_states']);
    await filter.fill('');
    await page.getByLabel('Not the defaults').check();
    expect(await keys()).toEqual(
      daemon.settings.effective.filter(({ source }) => source !== 'default').map(({ key }) => key),
    );
    await filter.fill('no such thing');
    await page.getByText('No setting matches.').waitFor();
  });

  it('does not blame the tracker for a tick that was skipped', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health' });
    const tracker = page.getByRole('region', { name: 'Tracker' });
    daemon.change({ lastTick: { atMs: NOW_MS, result: 'skipped', error: 'claude is not on PATH' } });
    await tracker.getByText('Last tick skipped').waitFor();
    expect(flat(await tracker.innerText())).toMatch(
      /Not asked, because the checks failed: (just now|\d+s ago)\./,
    );
    daemon.change({ lastTick: { atMs: NOW_MS, result: 'error', error: 'tracker: 503' } });
    await tracker.getByText('Last tick failed').waitFor();
  });

  it('reads the settings again after each reload of WORKFLOW.md', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health' });
    await page.getByText('polling.interval_ms').waitFor();
    daemon.settings = {
      ...daemon.settings,
      effective: daemon.settings.effective.map((one) =>
        one.key === 'polling.interval_ms' ? { ...one, value: '45000' } : one,
      ),
    };
    daemon.readiness = { ...daemon.readiness, workflowLoadedAtMs: NOW_MS };
    daemon.change();
    await page.getByText('45000').waitFor();
  });

  it('lists what operators said, and what this page says at once', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health' });
    const rows = page.getByRole('table', { name: 'What operators told the daemon' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(daemon.actions.length);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel('Reason').fill('moving house');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => flat(await rows.first().innerText()))
      .toMatch(/Pause the daemon operator moving house/);
  });

  it('says what could not be read, and reads it again', async (ctx) => {
    const { page } = await openPage(ctx);
    await page.route('**/api/v1/settings', (route) =>
      route.fulfill({
        status: 500,
        json: { error: { code: 'internal_error', message: 'the disk is gone' } },
      }),
    );
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('alert').getByText('the disk is gone').waitFor();
    await page.unroute('**/api/v1/settings');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('tracker.kind').waitFor();
    expect(await page.getByText('the disk is gone').count()).toBe(0);
  });
});
