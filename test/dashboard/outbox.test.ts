// The Health page's outbox and audit log, and an issue's proposals and writes.
import { describe, expect, it } from 'vitest';
import { EMPTY_AUDIT } from '../../src/contract/audit.ts';
import { NOW_MS } from '../http/fake-daemon.ts';
import { openPage } from './browser-page.ts';

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
const server = { nowMs: () => NOW_MS };

describe('the outbox', () => {
  it('shows what waits and why, and follows the daemon', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health', server });
    const rows = page.getByRole('table', { name: 'Writes that have not ended' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    expect(flat(await rows.first().innerText())).toMatch(
      /^Comment The voucher is kept now.* SHOP-42 Waiting an agent’s tracker: tracker_api_error: POST \/comment: 503; sent again when it is due sent once, due (in (\d+s|1m 00s)|now) [34]m ago/,
    );
    expect(flat(await rows.last().innerText())).toMatch(
      /^Move to In Review SHOP-57 Being looked up our own its answer was lost: looked up first sent once/,
    );
    daemon.tools.writes = [];
    daemon.tools.change();
    await page.getByText('Nothing waits: every write to the tracker has ended.').waitFor();
  });
});

describe('the audit log', () => {
  it('is verified when somebody asks', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/health', server });
    const audit = page.getByRole('region', { name: 'Audit log' });
    await audit.getByText(/^5:[0-9a-f]{64}$/).waitFor();
    expect(daemon.tools.verifications).toBe(0);
    await audit.getByRole('button', { name: 'Verify' }).click();
    await audit.getByText('Intact').waitFor();
    expect(flat(await audit.innerText())).toMatch(/Intact 5 entries\. Keep the head elsewhere/);
    daemon.tools.verdict = { kind: 'broken', seq: 3, problem: 'its hash does not fit its line' };
    await audit.getByRole('button', { name: 'Verify' }).click();
    await audit.getByText('Broken').waitFor();
    expect(flat(await audit.innerText())).toMatch(/At entry 3: its hash does not fit its line/);
    await page.route('**/audit/verify', (route) => route.abort());
    await audit.getByRole('button', { name: 'Verify' }).click();
    await audit.getByRole('alert').getByText('The daemon does not answer.').waitFor();
    expect(await audit.getByText('Broken').count()).toBe(0);
  });

  it('that is empty has a head as well', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: '/health',
      server,
      arrange: ({ tools }) => {
        tools.entries = [];
      },
    });
    await page.getByText(`${EMPTY_AUDIT.seq}:${EMPTY_AUDIT.hash}`).waitFor();
  });
});

describe('an issue’s page', () => {
  it('lists its proposals and writes, and says nothing where there are none', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: '/issues/SHOP-42', server });
    const asked = page.getByRole('region', { name: 'Proposals and writes' });
    await asked.getByRole('link', { name: 'Move SHOP-42 from In Progress to Done' }).waitFor();
    expect(flat(await asked.innerText())).toMatch(
      /Waiting Create 12 issues.*Waiting Move SHOP-42.*Waiting Comment: The voucher is kept now/,
    );
    daemon.tools.proposals = [];
    daemon.tools.writes = [];
    daemon.tools.change();
    await asked.waitFor({ state: 'detached' });
  });

  it('tells proposals, writes and messages on its timeline in words', async (ctx) => {
    const entry = (seq: number, kind: string, name: string, detail: string, ok: boolean | null) => ({
      seq: 9_000 + seq,
      atMs: NOW_MS + seq,
      issueId: '10042',
      issueIdentifier: 'SHOP-42',
      runId: null,
      attempt: null,
      kind,
      name,
      detail,
      durationMs: null,
      ok,
    });
    const { page } = await openPage(ctx, {
      path: '/issues/SHOP-42',
      server,
      arrange: (daemon) => {
        daemon.timeline.push(
          entry(1, 'approval', 'add_comment', 'waits for a person: Comment on SHOP-42', null) as never,
          entry(2, 'approval', 'add_comment', 'rejected by anna: Comment on SHOP-42', false) as never,
          entry(3, 'tracker_write', 'transition_issue', 'SHOP-42', true) as never,
          entry(4, 'tracker_write', 'add_labels', 'SHOP-42: failed: 400', false) as never,
          entry(5, 'agent_message', '', 'The tests need a database.', null) as never,
        );
      },
    });
    const line = (text: string) => page.locator('.entry').filter({ hasText: text });
    expect(flat(await line('waits for a person').innerText())).toMatch(/Proposal Comment waits for a person/);
    expect(await line('waits for a person').getAttribute('data-tone')).toBe('warn');
    expect(flat(await line('rejected by anna').innerText())).not.toMatch(/failed/);
    expect(flat(await line('failed: 400').innerText())).toMatch(/Written Add labels failed/);
    expect(flat(await line('The tests need').innerText())).toMatch(
      /Message to people The tests need a database\./,
    );
    await page.getByRole('button', { name: /^People/ }).waitFor();
  });
});
