// A run may write to another issue than its own: both pages list it, each naming the other issue.
import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../http/fake-daemon.ts';
import type { FakeDaemon } from '../../http/fake-daemon.ts';
import { outboxWrite } from '../../http/fake-proposals.ts';
import { axeFindings } from '../axe.ts';
import { openPage } from '../browser-page.ts';

const server = { nowMs: () => NOW_MS };
const own = { id: '10042', identifier: 'SHOP-42' };
const other = { id: '10057', identifier: 'SHOP-57' };

function writes({ tools }: FakeDaemon): void {
  const ended = { status: 'done', detail: '', dueAtMs: null, endedAtMs: NOW_MS } as const;
  tools.proposals = [];
  tools.writes = [
    outboxWrite({
      ...ended,
      id: 'w-1',
      issue: other,
      runIssue: own,
      write: { operation: 'add_comment', issue: other, body: 'SHOP-42 is mended.' },
    }),
    outboxWrite({
      ...ended,
      id: 'w-2',
      issue: own,
      runIssue: own,
      write: { operation: 'add_labels', issue: own, labels: ['mended'] },
    }),
  ];
}

async function listed(ctx: Parameters<typeof openPage>[0], identifier: string, width: number) {
  const { page } = await openPage(ctx, { path: `/issues/${identifier}`, server, arrange: writes, width });
  const list = page.getByRole('list', { name: 'Writes' });
  await list.getByRole('listitem').first().waitFor();
  return { page, list };
}

describe.each([1280, 375])('a write to another issue, on a screen of %i pixels', (width) => {
  it('is listed on the page of the issue whose run it was, with a link to the other', async (ctx) => {
    const { page, list } = await listed(ctx, 'shop-42', width);
    expect((await list.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /Comment: SHOP-42 is mended\. to SHOP-57 .*Add labels: mended (?!to|by)/,
    );
    const link = list.getByRole('link', { name: 'SHOP-57' });
    expect(await link.getAttribute('href')).toBe('/issues/SHOP-57');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is listed on the page of the other, which says whose run it was', async (ctx) => {
    const { list } = await listed(ctx, 'SHOP-57', width);
    expect((await list.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /^Done Comment: SHOP-42 is mended\. by a run of SHOP-42 /,
    );
    expect(await list.getByRole('listitem').count()).toBe(1);
  });
});
