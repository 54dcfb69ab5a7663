// What agents may do now: where their tools are, the rules from the top, the site's names and the tools.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { openPage, type OpenOptions } from '../browser-page.ts';
import { everyday, hostileListing, image, listingWith } from './listing.ts';

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
const open = (shown = listingWith({ rules: everyday }), over: OpenOptions = {}): OpenOptions => ({
  path: '/tools',
  server: { nowMs: () => NOW_MS },
  arrange: ({ tools }) => {
    tools.shown = shown;
  },
  ...over,
});

describe('the rules', () => {
  it('stand in their order with what they ask, and the defaults after them', async (ctx) => {
    const { page, complaints } = await openPage(ctx, open());
    const rows = page.getByRole('table', { name: 'Rules' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(9);
    expect((await rows.allInnerTexts()).map(flat)).toEqual([
      '1 big ones need a lead create_issue priority is highest or high A person decides leads',
      '2 transition_issue to is done Denied',
      '3 own comments add_comment issue is own Allowed 5/run',
      '4 add_labels remove_labels labels only backend or needs tests Allowed',
      '5 all writes fetch_comments fields any of a A person decides anybody',
      '6 all writes all reads notify_operator agent is codex Denied',
      'Default for writes whatever no rule matched A person decides anybody',
      'Default for reads whatever no rule matched Allowed',
      'Default for messages whatever no rule matched Allowed',
    ]);
    expect(complaints).toEqual([]);
  });

  it('are said to be none where there are none', async (ctx) => {
    const { page } = await openPage(ctx, open(listingWith({ rules: [], writeDefault: 'deny' })));
    await page.getByText('There are no rules in tools.rules, so the defaults decide.').waitFor();
    const rows = page.getByRole('table', { name: 'Rules' }).locator('tbody tr');
    expect(flat(await rows.first().innerText())).toBe('Default for writes whatever no rule matched Denied');
  });

  it('are read again when WORKFLOW.md was', async (ctx) => {
    const { page, daemon } = await openPage(ctx, open());
    await page.getByText('big ones need a lead').waitFor();
    daemon.tools.shown = listingWith({ rules: [] });
    daemon.readiness = { ...daemon.readiness, workflowLoadedAtMs: NOW_MS + 5_000 };
    daemon.change();
    await page.getByText('There are no rules in tools.rules').waitFor();
  });
});

describe('the tools', () => {
  it('are folded, and say what agents are told', async (ctx) => {
    const { page } = await openPage(ctx, open());
    const list = page.getByRole('region', { name: 'What agents can call' });
    const words = list.getByText('Sends a message to people.');
    await words.waitFor({ state: 'hidden' });
    await list.getByText('notify_operator', { exact: true }).first().click();
    await words.waitFor();
    expect(flat(await list.innerText())).toMatch(/Operations: notify_operator message needed string$/);
  });

  it.for([
    [{ enabled: true }, 'http://127.0.0.1:41877/mcp', /^On at http:\/\/127\.0\.0\.1:41877\/mcp/],
    [{ enabled: true }, '', /^On, but not served/],
    [{ enabled: false }, '', /^Off by tools\.enabled/],
  ] as const)('are on or off, and somewhere: %j %s', async ([settings, url, words], ctx) => {
    const { page } = await openPage(ctx, open(listingWith(settings, { url })));
    const body = page.getByRole('region', { name: 'Tools', exact: true }).locator('.section-body');
    expect(flat(await body.innerText())).toMatch(words);
  });

  it.for([
    [['SHOP', 'OPS'], '', /^SHOP OPS Anything/],
    [['*'], 'SHOP', /^All that the tracker’s account can see/],
    [[], 'SHOP', /^SHOP \(tracker\.project\)/],
    [[], '', /^All: neither/],
  ] as const)('may be used in projects %j, the tracker’s being "%s"', async ([projects, own, words], ctx) => {
    const { page } = await openPage(
      ctx,
      open(listingWith({ projects }), {
        arrange: (daemon) => {
          daemon.tools.shown = listingWith({ projects });
          daemon.settings = {
            path: '/w/WORKFLOW.md',
            effective: [{ key: 'tracker.project', value: own, source: 'front_matter', place: '' }],
          };
        },
      }),
    );
    const body = page.getByRole('region', { name: 'Projects' }).locator('.section-body');
    await expect.poll(async () => flat(await body.innerText())).toMatch(words);
  });
});

describe('the site’s names', () => {
  it('are read anew, and the time with them', async (ctx) => {
    const { page, daemon } = await openPage(ctx, open());
    const names = page.getByRole('region', { name: 'The site’s names' });
    await names.getByText(/30m ago/).waitFor();
    daemon.tools.shown = { ...daemon.tools.shown, schemaAtMs: NOW_MS - 2_000 };
    await names.getByRole('button', { name: 'Read anew' }).click();
    await names.getByText('2 projects, 3 issue types').waitFor();
    await names.getByText(/\ds ago/).waitFor();
    expect(await names.getByRole('alert').count()).toBe(0);
  });

  it('that could not be read are said to be those from before', async (ctx) => {
    const { page, daemon } = await openPage(ctx, open());
    const names = page.getByRole('region', { name: 'The site’s names' });
    daemon.tools.refreshed = { ok: false, message: 'GET /field: 503' };
    await names.getByRole('button', { name: 'Read anew' }).click();
    await names.getByRole('alert').getByText('GET /field: 503').waitFor();
    await page.route('**/tools/refresh', (route) => route.abort());
    await names.getByRole('button', { name: 'Read anew' }).click();
    await names.getByRole('alert').getByText('No answer came').waitFor();
    await page.unroute('**/tools/refresh');
    daemon.tools.shown = { ...daemon.tools.shown, schemaError: 'GET /field: 401', schemaAtMs: null };
    daemon.tools.refreshed = { ok: true, message: 'found 2 projects' };
    await names.getByRole('button', { name: 'Read anew' }).click();
    await names.getByText('The last try failed: GET /field: 401').waitFor();
    await names.getByText('Not read yet').waitFor();
  });
});

describe('the page', () => {
  it('is reached from Approvals and from Health, and belongs to Approvals', async (ctx) => {
    const { page, url } = await openPage(ctx, open(undefined, { path: '/approvals' }));
    for (const from of ['Approvals', 'Health']) {
      await page.getByRole('navigation').getByRole('link', { name: from }).click();
      await page.getByRole('main').getByRole('link', { name: 'What agents may do' }).click();
      await page.getByRole('heading', { name: 'What agents may do', level: 1 }).waitFor();
      expect(page.url()).toBe(`${url}/tools`);
    }
    const current = page.getByRole('navigation').locator('[aria-current]');
    expect(flat(await current.innerText())).toMatch(/^Approvals/);
    await expect.poll(() => page.title()).toContain('What agents may do');
  });

  it('says that it reads, and what could not be read, and tries again', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/approvals' });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/tools', async (route) => {
      await held;
      await route.abort();
    });
    await page.getByRole('main').getByRole('link', { name: 'What agents may do' }).click();
    await page.getByText('Reading…').waitFor();
    release();
    await page.getByRole('alert').getByText('The daemon does not answer.').waitFor();
    expect(await page.getByText('Reading…').count()).toBe(0);
    await page.unroute('**/api/v1/tools');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Rules' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that a server has no tools at all', async (ctx) => {
    const { page } = await openPage(ctx, { path: '/tools', server: { tools: undefined } as never });
    await page.getByRole('alert').getByText('without the daemon’s tools').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('shows hostile names as text alone', async (ctx) => {
    const { page, complaints } = await openPage(ctx, open(hostileListing(), { width: 360 }));
    await page.locator('.tool > summary').click();
    await page.getByText('[click](javascript:window.owned=1)').waitFor();
    const text = await page.getByRole('main').innerText();
    expect(text).toContain(`${image} ⟨RLO⟩evil⟨NUL⟩`);
    expect(text).toContain('and 28 more');
    expect(text).toContain('__proto__');
    expect(await page.locator('main img, main script, main svg, main iframe').count()).toBe(0);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    const links = await page.evaluate(
      "Array.from(document.querySelectorAll('main a'), (a) => a.getAttribute('href'))",
    );
    expect(links).toEqual(['/approvals']);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(complaints).toEqual([]);
  });
});
