// Opens the page of one proposal of the fake daemon, and reads what a decision sent.

import type { TestContext } from 'vitest';
import type { Page } from 'playwright-core';
import { NOW_MS } from '../../http/fake-daemon.ts';
import { openPage, type OpenedPage, type OpenOptions } from '../browser-page.ts';

export interface OpenedProposal extends OpenedPage {
  /** The bodies of the decisions, as they were sent. */
  readonly sent: unknown[];
}

export async function openProposal(
  ctx: TestContext,
  id: string,
  options: OpenOptions = {},
): Promise<OpenedProposal> {
  const opened = await openPage(ctx, {
    path: `/approvals/${id}`,
    ...options,
    server: { nowMs: () => NOW_MS, ...options.server },
  });
  await opened.page.locator('.proposal-head').waitFor();
  return { ...opened, sent: decisionsOf(opened.page) };
}

export function decisionsOf(page: Page): unknown[] {
  const sent: unknown[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/api/v1/approvals/'))
      sent.push(request.postDataJSON());
  });
  return sent;
}

/** The button that asks, then the one that means it. */
export async function decide(page: Page, verb: string): Promise<void> {
  await page.getByRole('button', { name: `${verb}…`, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();
}

export const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
