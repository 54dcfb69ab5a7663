// What an agent, or whoever talked it into something, wrote is only ever text: shown with all that hides in it, folded
// when it is long, and never markup, in every place of a proposal.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { proposal } from '../../http/fake-proposals.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';
import { decide, openProposal } from './proposal.ts';

const image = '<img src=x onerror="window.owned=1">';
const markdown = `# Big\n[click](javascript:window.owned=1) ![x](https://evil.example/x.png)\n<script>window.owned=1</script>\n\u202Etxt.exe\u0000\u001B[2J`;
const long = 'y'.repeat(30_000);

const hostile = proposal({
  id: 'hostile',
  action: 'update_issue',
  summary: `Change ${image} \u202Eevil`,
  rule: image,
  group: '',
  issueIdentifier: image,
  targetIdentifier: '"><svg/onload=window.owned=1>',
  details: {
    issueKey: image,
    summary: '\u202Eon ti evorppa\u2069',
    description: markdown,
    priority: image,
    labels: [image, '\u200Bhidden'],
    customFields: { [image]: image, ['__proto__']: 'x' },
    [image]: [image, { deep: image }],
    constructor: image,
  },
  before: {
    atMs: NOW_MS,
    state: image,
    updatedAt: '',
    fields: { description: `old ${image}`, labels: ['<b>'], priority: image },
  },
});

const many = proposal({
  id: 'many',
  action: 'create_issues',
  before: null,
  targetIdentifier: '',
  details: {
    projectKey: image,
    issueType: 'Bug',
    issueCount: 2,
    issues: [
      { summary: image, description: long, labels: [image] },
      { summary: '\u202Ex', description: markdown },
    ],
  },
});

const owned = 'window.owned';
const markup = 'main img, main script, main svg, main iframe, main h1 + h1, dialog img, dialog svg';

describe('a hostile proposal', () => {
  it('is only ever text, before and after it is decided', async (ctx) => {
    const { page, sent, complaints } = await openProposal(ctx, 'hostile', {
      arrange: ({ tools }) => {
        tools.proposals = [hostile];
      },
    });
    const text = await page.getByRole('main').innerText();
    expect(text).toContain('⟨RLO⟩on ti evorppa⟨PDI⟩');
    expect(text).toContain('⟨RLO⟩txt.exe⟨NUL⟩⟨ESC⟩[2J');
    expect(text).toContain('[click](javascript:window.owned=1)');
    expect(text).toContain('⟨ZWSP⟩hidden');
    for (const link of await page.locator('main a').all()) {
      expect(new URL((await link.getAttribute('href')) ?? '', page.url()).origin).toBe(
        new URL(page.url()).origin,
      );
    }
    // What cannot be seen in an input is said beneath it, and can be taken out.
    await page.getByRole('button', { name: 'Edit Summary' }).click();
    await page.getByText('It holds characters that cannot be seen: ⟨RLO⟩ ⟨PDI⟩').waitFor();
    await page.getByRole('button', { name: 'Take them out' }).click();
    expect(await page.getByRole('textbox', { name: 'Summary' }).inputValue()).toBe('on ti evorppa');
    expect(await axeFindings(page)).toEqual([]);
    await decide(page, 'Approve with changes');
    await page.getByRole('heading', { name: 'The decision' }).waitFor();
    expect(sent).toEqual([{ status: 'approved', modifiedDetails: { summary: 'on ti evorppa' } }]);
    expect(await page.locator(markup).count()).toBe(0);
    expect(await page.evaluate(owned)).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('of 30,000 characters is folded, whole on demand, and pushes nothing aside', async (ctx) => {
    const { page } = await openProposal(ctx, 'many', {
      width: 360,
      arrange: ({ tools }) => {
        tools.proposals = [many];
      },
    });
    const ticket = page.locator('.ticket').first();
    expect((await ticket.innerText()).length).toBeLessThan(1_500);
    await page
      .getByRole('button', { name: 'Show all 30,000 characters of the description of ticket 1' })
      .click();
    expect((await ticket.innerText()).length).toBeGreaterThan(30_000);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.locator(markup).count()).toBe(0);
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByText('⟨RLO⟩x').waitFor();
    expect(await page.evaluate(owned)).toBeUndefined();
  });

  it('stays text in the list, on the issue’s page and in the outbox', async (ctx) => {
    const { page, complaints } = await openPage(ctx, {
      path: '/approvals',
      server: { nowMs: () => NOW_MS },
      arrange: ({ tools }) => {
        tools.proposals = [hostile, { ...hostile, id: 'two', issueIdentifier: 'SHOP-42' }];
        tools.writes = tools.writes.map((write) => ({ ...write, detail: image, status: 'unsure' as const }));
      },
    });
    await page.getByText('⟨RLO⟩evil').first().waitFor();
    expect(await page.locator(markup).count()).toBe(0);
    await page.getByRole('link', { name: 'SHOP-42' }).click();
    await page.getByRole('region', { name: 'Proposals and writes' }).getByText(image).first().waitFor();
    expect(await page.locator(markup).count()).toBe(0);
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('table', { name: 'Writes that have not ended' }).getByText(image).first().waitFor();
    expect(await page.locator(markup).count()).toBe(0);
    expect(await page.evaluate(owned)).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});
