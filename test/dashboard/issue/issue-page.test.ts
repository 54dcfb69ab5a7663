// One issue's page in a real browser: why, what happened, attempts, prompts, controls; live, and safe.
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../src/contract/observation.ts';
import { historyRun, NOW_MS, snapshot } from '../../http/fake-daemon.ts';
import type { FakeDaemon } from '../../http/fake-daemon.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';
import { holdTimers } from '../held-timers.ts';

const RUNNING = '/issues/SHOP-42';
const PARKED = '/issues/SHOP-31';

const section = (name: string): string => `section:has(h2:text-is("${name}"))`;

function past(daemon: FakeDaemon): void {
  daemon.runs = [
    historyRun({
      runId: '0c1d2e3f-1111-4b0e-9d53-4a4e5f0c2d10',
      issueId: '10042',
      issueIdentifier: 'SHOP-42',
      attempt: 0,
      status: 'failed',
      error: 'agent: turn_failed: exit 1 after 208 s',
    }),
  ];
}

const entries = (count: number, from = 1_000): (TimelineEntry & { readonly seq: number })[] =>
  Array.from({ length: count }, (_, index) => ({
    seq: from + index,
    atMs: NOW_MS - 1_000_000 + index * 1_000,
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    runId: null,
    attempt: null,
    kind: 'verdict' as const,
    name: 'no_global_slot',
    detail: `look number ${from + index}`,
    durationMs: null,
    ok: null,
  }));

describe('the page of an issue', () => {
  it('says what it does now, and shows its runs on a timeline, the newest open', async (ctx) => {
    const { page, complaints } = await openPage(ctx, { path: RUNNING, arrange: past });
    await page.getByRole('heading', { level: 1, name: /Checkout forgets the voucher/ }).waitFor();
    const why = page.locator(section('What is it doing?'));
    await why.getByText('It is running.').waitFor();
    expect(await why.innerText()).toMatch(/Running the checkout tests again[\s\S]*Waits for Bash/);
    const timeline = page.locator(section('Timeline'));
    await timeline.getByText('Attempt 1', { exact: true }).waitFor();
    expect(await timeline.locator('details[open] > summary').first().innerText()).toMatch(
      /Attempt 1[\s\S]*Running[\s\S]*2 turns, 8 tool calls, 1 failed/,
    );
    expect(await timeline.getByRole('list', { name: 'Phases' }).first().innerText()).toMatch(
      /Checking 0\.4s[\s\S]*Working .* so far/,
    );
    expect(await timeline.getByText('anna: the customer waits').isVisible()).toBe(true);
    expect(await timeline.getByText('exit 1', { exact: true }).isVisible()).toBe(false);
    await timeline.getByText('Attempt 0', { exact: true }).click();
    await timeline.getByText('exit 1', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('sets its attempts side by side, and shows the prompts of the one that is chosen', async (ctx) => {
    const { page } = await openPage(ctx, { path: RUNNING, arrange: past });
    const attempts = page.getByRole('region', { name: 'Attempts side by side' });
    const fact = async (name: string): Promise<string> =>
      (await attempts.getByRole('row', { name }).innerText()).replaceAll(/\s+/g, ' ');
    await attempts.getByRole('button', { name: 'Attempt 0' }).waitFor();
    expect(await fact('Result')).toBe('Result Running Failed');
    expect(await fact('Turns')).toBe('Turns 3 4');
    expect(await fact('Cost')).toBe('Cost ≈ $0.41 $0.82');
    expect(await fact('Error')).toContain('exit 1 after 208 s');
    const prompts = page.locator(section('Prompts')).locator('summary');
    expect(await prompts.allInnerTexts()).toHaveLength(3);
    await attempts.getByRole('button', { name: 'Attempt 0' }).click();
    await expect.poll(() => prompts.count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('run')).toBe('0c1d2e3f-1111-4b0e-9d53-4a4e5f0c2d10');
    await prompts.first().click();
    await page.getByText('the voucher is gone.').waitFor();
  });

  it('copies the prompt and the path of the workspace', async (ctx) => {
    const { page, url } = await openPage(ctx, { path: RUNNING });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    await page.getByRole('button', { name: 'Copy workspace path' }).click();
    await page.getByText('Copied the workspace path.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('/srv/sortie/SHOP-42');
  });

  it('says why a parked issue does not run, what would change it, and where to click', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: PARKED });
    const why = page.locator(section('Why is it not running?'));
    await why.getByText('It was set aside, because trying again would not help.').waitFor();
    expect(await why.innerText()).toMatch(/wrote "blocked" to \.sortie\/status/);
    expect(await why.innerText()).toMatch(/when the issue changes.* or an operator says so/);
    await why.getByRole('button', { name: 'Retry now SHOP-31' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('fixed it');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Retry now/ })
      .click();
    await expect
      .poll(() => daemon.controls.map(({ control, word }) => [control, word.reason]))
      .toEqual([['retry', 'fixed it']]);
  });

  it('says of a tracker state that it is the one at the last run, when another is known', async (ctx) => {
    const explained = (detail: string) => ({
      kind: 'explained' as const,
      explanation: {
        issueId: '10031',
        issueIdentifier: 'SHOP-31',
        verdict: 'state_terminal' as const,
        detail,
        sinceMs: null,
        asOfMs: NOW_MS,
        endsOn: ['state_change' as const],
        controls: [],
      },
    });
    const open = async (detail: string) => {
      const { page } = await openPage(ctx, {
        path: PARKED,
        arrange: (daemon) => {
          const issue = daemon.view.issue('SHOP-31');
          if (issue === null) throw new Error('the fake daemon has lost its issue');
          daemon.issues = [{ ...issue, status: 'released', park: null }];
          daemon.explainAnswer = explained(detail);
        },
      });
      await page.getByText('Its state is one of tracker.terminal_states.').waitFor();
      return (await page.locator('.issue-facts').innerText()).replaceAll(/\s+/g, ' ');
    };
    expect(await open('Done')).toContain('Tracker state at its last run To Do');
    expect(await open('To Do')).toContain('Tracker state To Do');
  });

  it('explains an issue that nobody knows, and shows nothing else', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/issues/NOPE-1' });
    await page.getByText('Neither Sortie nor the tracker knows it.').waitFor();
    expect(await page.locator('main h2').allInnerTexts()).toEqual(['Why is it not running?']);
  });

  it('links to the tracker only by http, in a new tab that knows nothing of this one', async (ctx) => {
    const withUrl = (url: string) => (daemon: FakeDaemon) => {
      daemon.stored = [];
      const issue = daemon.view.issue('SHOP-31');
      if (issue?.issue != null) daemon.issues = [{ ...issue, issueUrl: url, issue: { ...issue.issue, url } }];
    };
    const good = await openPage(ctx, { path: PARKED, arrange: withUrl('https://tracker.example/SHOP-31') });
    const link = good.page.getByRole('link', { name: /Open in the tracker/ });
    await link.waitFor();
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
      'https://tracker.example/SHOP-31',
      'noopener noreferrer',
    ]);
    const bad = await openPage(ctx, { path: PARKED, arrange: withUrl('javascript:window.owned=1') });
    await bad.page.getByText('It was set aside').waitFor();
    expect(await bad.page.locator('main a[href^="javascript"]').count()).toBe(0);
    expect(await bad.page.getByRole('link', { name: /tracker/ }).count()).toBe(0);
  });
});

describe('the timeline', () => {
  it('reads older pages on demand, and leaves out the kinds that are switched off', async (ctx) => {
    const { page } = await openPage(ctx, {
      path: RUNNING,
      arrange: (daemon) => {
        daemon.timeline = entries(450);
      },
    });
    const timeline = page.locator(section('Timeline'));
    await timeline.getByText('look number 1449').waitFor();
    expect(await timeline.getByText('look number 1000').count()).toBe(0);
    await timeline.getByRole('button', { name: 'Show older' }).click();
    await timeline.getByText('look number 1000').waitFor();
    expect(await timeline.getByRole('button', { name: 'Show older' }).count()).toBe(0);
    await timeline.getByRole('button', { name: /Verdicts and parks 450/ }).click();
    await timeline.getByText('Every kind that occurs is switched off above.').waitFor();
  });

  it('is read again when the stream of states tells of the issue, and not otherwise', async (ctx) => {
    const { page, daemon } = await openPage(ctx);
    // From another page of the same document, so that no wait is over by itself.
    const timers = await holdTimers(page, 1_000);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/timeline')) asked.push(request.url());
    });
    const tell = (seq: number, detail: string): void => {
      const [one] = entries(1, seq);
      if (one !== undefined) daemon.timeline = [...daemon.timeline, { ...one, detail }];
    };
    await page.getByRole('link', { name: 'SHOP-42', exact: true }).first().click();
    const timeline = page.locator(section('Timeline'));
    await timeline.getByText('npm test -- checkout').waitFor();
    // Once more when what the daemon writes in batches is written.
    await expect.poll(() => timers.waiting()).toContain(1_300);
    tell(5_000, 'something new');
    await timers.pass();
    await timeline.getByText('something new').waitFor();
    const before = asked.length;
    tell(5_001, 'something newer');
    const [running] = daemon.snapshot?.running ?? [];
    if (running === undefined) throw new Error('nothing runs');
    daemon.change({ running: [{ ...running, tokens: { ...running.tokens, outputTokens: 999_999 } }] });
    const tokens = page
      .getByRole('region', { name: 'Attempts side by side' })
      .getByRole('row', { name: 'Tokens' });
    await expect.poll(() => tokens.getByRole('cell').first().innerText()).toMatch(/^1\.05M/);
    expect(await timers.waiting()).not.toContain(1_300);
    expect(asked.length).toBe(before);
    daemon.change({ running: [{ ...running, turnCount: 4 }] });
    await expect.poll(() => timers.waiting()).toContain(1_300);
    await timers.pass();
    await timeline.getByText('something newer').waitFor();
    expect(asked.length).toBe(before + 1);
  });

  it('keeps what the reader has opened while it grows', async (ctx) => {
    const { page, daemon } = await openPage(ctx, { path: RUNNING });
    const timeline = page.locator(section('Timeline'));
    await timeline.getByText('Attempt 0', { exact: true }).click();
    await timeline.getByText('exit 1', { exact: true }).waitFor();
    daemon.timeline = [
      ...daemon.timeline,
      ...entries(1, 5_000).map((entry) => ({ ...entry, detail: 'news' })),
    ];
    const [running] = daemon.snapshot?.running ?? [];
    if (running !== undefined) daemon.change({ running: [{ ...running, turnCount: 5 }] });
    await timeline.getByText('news', { exact: true }).waitFor();
    expect(await timeline.getByText('exit 1', { exact: true }).isVisible()).toBe(true);
  });
});

describe('strangers’ text', () => {
  it('is only ever text, wherever the page shows it, and pushes nothing aside on a phone', async (ctx) => {
    const nasty = '<img src=x onerror="window.owned=1">\u202Egnp.exe';
    const { page, complaints } = await openPage(ctx, {
      path: PARKED,
      width: 360,
      arrange: (daemon) => {
        const base = snapshot();
        daemon.snapshot = snapshot({
          parked: base.parked.map((park) => ({
            ...park,
            title: nasty,
            detail: `${nasty}${'x'.repeat(9_000)}`,
          })),
        });
        daemon.timeline = (['verdict', 'tool', 'operator', 'warning'] as const).flatMap((kind, index) =>
          entries(1, 10 + index).map((entry) => ({
            ...entry,
            issueId: '10031',
            kind,
            name: nasty,
            detail: nasty,
          })),
        );
        daemon.runs = [
          historyRun({
            issueIdentifier: 'SHOP-31',
            error: nasty,
            evidence: nasty,
            agentKind: nasty,
            runId: nasty,
          }),
        ];
      },
    });
    await page.locator(section('Timeline')).getByText('<img src=x').first().waitFor();
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    expect(await page.locator('main').innerText()).not.toContain('\u202E');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  });
});

describe.each([
  ['light', { width: 1280, dark: false }],
  ['dark', { width: 1280, dark: true }],
  ['dark on a phone', { width: 360, dark: true }],
] as const)('in %s, axe finds nothing wrong', (_theme, look) => {
  it('with an issue that runs, one that is parked and one that nobody knows', async (ctx) => {
    for (const path of [RUNNING, PARKED, '/issues/NOPE-1']) {
      const { page } = await openPage(ctx, { path, arrange: past, ...look });
      await page.getByText('What would change it').waitFor();
      if (path === RUNNING) await page.locator('.line').first().waitFor();
      for (const summary of await page.locator('main summary').all()) await summary.click();
      expect(await axeFindings(page)).toEqual([]);
    }
  });
});
